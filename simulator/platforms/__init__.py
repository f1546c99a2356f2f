"""The platforms, each speaking its own protocol over the one company."""
