"""A hundred publications under everybody who reads them: `make soak-serving`."""
