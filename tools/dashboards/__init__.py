"""The Grafana dashboards as data; `make docs` renders them to JSON, which the package carries."""
