"""A platform team's program: managed services, two IXN tenants in its own namespace, one in another team's."""

from dataclasses import replace
from itertools import chain

import pulumi
import pulumi_kubernetes as k8s
from databases import provisioned
from locations import TenantNamespace, kafka_with_certificate, kafka_with_login, redis_reference
from managed import ManagedKafka, ManagedPostgreSql, ManagedRedis
from pulumi_ixn import Absent, Ixn, Parameter, Tenant
from pulumi_ixn.contract import NODE_CONTRACT, Assumed, Constant, Key
from tenants import PEERS, tenant_args

config = pulumi.Config()
registry = config.require("registry")
provider = k8s.Provider(
    "kubernetes",
    render_yaml_to_directory=f"build/rendered/{pulumi.get_stack()}",
    enable_secret_mutable=True,
    enable_config_map_mutable=True,
)
opts = pulumi.ResourceOptions(provider=provider)

postgres, kafka, redis = ManagedPostgreSql("postgres"), ManagedKafka("kafka"), ManagedRedis("redis")

# The team's namespace. The managed services' operators know it: Kafka's writes its Secret there.
ixn = k8s.core.v1.Namespace("ixn", metadata={"name": "ixn"}, opts=opts).metadata.apply(lambda _: "ixn")
ours = TenantNamespace(
    ixn,
    kafka_with_login("kafka-ours", ixn, kafka, opts),
    redis_reference("redis-ours", ixn, redis, opts),
)

# Another team's namespace, for which this program does all that: Kafka's Secret, its databases and their roles.
shared = config.require("theirNamespace")
theirs = TenantNamespace(
    shared,
    kafka_with_certificate("kafka-theirs", shared, kafka, opts),
    redis_reference("redis-theirs", shared, redis, opts),
    provisioned(shared, postgres, registry, opts),
)

# A database proxy keeps the connections of east's IXN Node alive, so IXN Node need not: change its contract.
keep_alive = {"db.options.keepAlive": Key(Constant(False), Assumed("the proxy does it"))}
contract = replace(NODE_CONTRACT, settings={**NODE_CONTRACT.settings, **keep_alive})
east_args = tenant_args(
    "east", Tenant("9350e2fc-a1dd-4c65-8d40-1f75a2e080dd", "100"), ours, postgres, registry, opts
)
east = Ixn("east", replace(east_args, node=replace(east_args.node, contract=contract)), opts)

# West's IXN Server listens on a different port.
west_args = tenant_args(
    "west", Tenant("7d0c1d38-2c1b-4bd5-a3ea-4b44f5ef9d6a", "200"), ours, postgres, registry, opts
)
west = Ixn("west", replace(west_args, ports={Parameter.SERVER_PORT: config.require_int("westPort")}), opts)

# North does not use Pulse.
north_args = tenant_args(
    "north", Tenant("f2c6a1f0-5b0a-4c11-8a39-64ab6e6f7e11", "300"), theirs, postgres, registry, opts
)
without_pulse = replace(PEERS, pulse_stat_servers=Absent())
north = Ixn("north", replace(north_args, peers=without_pulse), opts)

rows = pulumi.Output.all(east.connections, west.connections, north.connections)
connections = rows.apply(lambda known: list(chain.from_iterable(known)))
pulumi.export("connections", connections)
