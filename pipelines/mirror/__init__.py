"""The published tables on a PostgreSQL server, for tools that speak nothing else; off by default."""
