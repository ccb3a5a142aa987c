"""Where neighbours are and what is dialled, from settings to the library's own types."""

from collections.abc import Sequence

from pulumi_ixn.isolation import OPENSHIFT_DNS, CiliumPolicies, Dns, Isolation, NetworkPolicies, Open
from pulumi_ixn.neighbours import Absent, Cidrs, Endpoint, Fqdns, Neighbour, OwnNode, Place, Pods, PortRange
from pulumi_ixn.settings import neighbours as given
from pulumi_ixn.settings.hosts import split_endpoint
from pulumi_ixn.settings.stack import Environment
from pulumi_ixn.spec import Party


def neighbours_of(tenant: given.TenantNeighbours) -> dict[Party, Neighbour | Absent]:
    """Return the neighbours that have no component of their own."""
    return {
        Party.CONSUL: neighbour_of(tenant.consul),
        Party.GWS_IXN_SERVICE: neighbour_of(tenant.gws_ixn_service),
        Party.STAT_SERVER: neighbour_of(tenant.stat_server),
        Party.CONFIG_SERVER: neighbour_of(tenant.config_server),
        Party.URS: neighbour_of(tenant.urs),
        Party.PROMETHEUS: neighbour_of(tenant.prometheus),
        Party.VOICE_RQ: neighbour_of(tenant.voice_rq),
        Party.VOICE_CONFIG: neighbour_of(tenant.voice_config),
        Party.PULSE_STAT_SERVERS: neighbour_of(tenant.pulse_stat_servers),
    }


def neighbour_of(settings: given.Gone | given.Caller) -> Neighbour | Absent:
    """Return one neighbour, or that it was declared absent."""
    match settings:
        case given.Gone():
            return Absent()
        case given.Hosted():
            return Neighbour(places_of(settings), (Endpoint(settings.host),), wire=wire_of(settings))
        case given.Dialled() | given.Pulse():
            return Neighbour(places_of(settings), endpoints_of(settings.endpoints), wire=wire_of(settings))
        case _:
            return Neighbour(places_of(settings))


def places_of(neighbour: given.Caller) -> tuple[Place, ...]:
    """Return where a neighbour is."""
    return tuple(place_of(each) for each in neighbour.places)


def place_of(place: given.Place) -> Place:
    """Return one place."""
    if place.pods is not None:
        return _pods(place.pods)
    if place.cidrs is not None:
        return Cidrs(place.cidrs)
    if place.own_node is not None:
        return OwnNode(place.own_node.cidrs, _pods(place.own_node.agent))
    return Fqdns(place.fqdns or ())


def endpoints_of(endpoints: Sequence[str]) -> tuple[Endpoint, ...]:
    """Return addresses that are dialled or advertised."""
    return tuple(endpoint_of(each) for each in endpoints)


def endpoint_of(endpoint: str) -> Endpoint:
    """Return one address, 'host:port' or 'host'."""
    return Endpoint(*split_endpoint(endpoint))


def wire_of(neighbour: given.Called) -> tuple[PortRange, ...] | None:
    """Return the ports of the neighbour's own pods; None where they are those that are dialled."""
    return None if neighbour.wire is None else tuple(PortRange(each.first, each.last) for each in neighbour.wire)


def isolation_of(environment: Environment) -> Isolation:
    """Return the policies of the stack's tenants."""
    wanted, dns = environment.dns, OPENSHIFT_DNS if environment.openshift else Dns()
    if wanted is not None:
        dns = Dns(tuple(place_of(each) for each in wanted.places), tuple(wanted.ports))
    match environment.isolation:
        case "cilium":
            return CiliumPolicies(dns)
        case "off":
            return Open()
        case _:
            return NetworkPolicies(dns)


def _pods(pods: given.PodsPlace) -> Pods:
    return Pods(pods.namespace, pods.labels)
