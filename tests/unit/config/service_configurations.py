"""Settings of Kafka and Redis, in valid combinations, built by hypothesis."""

from typing import Any

from hypothesis import strategies as st

Values = dict[str, Any]

_NAMES = st.sampled_from(["one", "two.pem", "three-3"])
_EXISTING = st.fixed_dictionaries({"existing": st.fixed_dictionaries({"name": _NAMES})})
_ISSUED = st.just({"certManager": {"issuer": {"name": "ca"}, "commonName": "ixn", "duration": "24h"}})
_CA = st.fixed_dictionaries({"name": _NAMES}, optional={"key": _NAMES, "version": _NAMES})
_SASL = st.fixed_dictionaries(
    {"mechanism": st.sampled_from(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]), "username": _NAMES}
)
_FIELDS = st.sampled_from([{}, {"extra": {"a.b": 1, "c": "d", "e": True}}, {"renamed": {"sasl.username": None}}])


@st.composite
def kafka_options(draw: st.DrawFn, *, managed: bool) -> Values:
    """How clients connect to Kafka."""
    found: Values = {"tls": draw(st.booleans())}
    if found["tls"]:
        found["certificates"] = draw(_certificates(verified=True))
    if managed:
        found |= draw(st.fixed_dictionaries({}, optional={"sasl": _SASL, "jsonFields": _FIELDS}))
    return found


@st.composite
def redis_options(draw: st.DrawFn, *, managed: bool) -> Values:
    """How clients connect to Redis."""
    found: Values = {key: draw(st.booleans()) for key in ("cluster", "tls", "rejectUnauthorized")}
    if found["tls"]:
        found["certificates"] = draw(_certificates(verified=found["rejectUnauthorized"]))
    if managed:
        found |= draw(st.fixed_dictionaries({}, optional={"username": _NAMES}))
        found |= {"serverName": "redis.example.com"} if found["tls"] and draw(st.booleans()) else {}
        if draw(st.booleans()):
            found |= {"cluster": False, "sentinel": {"master": draw(_NAMES)}, "advertised": ["node:6379"]}
    return found


def _certificates(*, verified: bool) -> st.SearchStrategy[Values]:
    client = st.one_of(_EXISTING, _ISSUED)
    return st.fixed_dictionaries({}, optional={"client": client, **({"ca": _CA} if verified else {})})
