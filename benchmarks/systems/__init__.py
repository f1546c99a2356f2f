"""The systems that `make accuracy` compares, each a function from records to clusters."""
