"""The peers of IXN that are other products of the contact center, in namespaces of their own."""

from pulumi_ixn import NodeAgent, Peers, PodSelector, Service

_VOICE = {"team": "voice"}

PEERS = Peers(
    config_server=Service("tenant-config", "voice", _VOICE),
    voice_config=Service("voice-config", "voice", _VOICE),
    voice_rq=Service("voice-rq", "voice", _VOICE, 11000),
    stat_server=PodSelector("voice", _VOICE),
    urs=PodSelector("voice", _VOICE),
    consul=NodeAgent(("10.0.0.0/16",), PodSelector("consul", {"app": "consul"})),
    gws_ixn_service=PodSelector("gws", {"app": "gws-ixn"}),
    prometheus=PodSelector("monitoring", {"app.kubernetes.io/name": "prometheus"}),
    pulse_stat_servers=Service("statserver", "pulse", {"app": "statserver"}),
)
