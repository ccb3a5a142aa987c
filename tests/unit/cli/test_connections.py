import io

from pulumi_ixn.cli import connections
from rich.console import Console

ROWS = [
    {
        "tenant": tenant,
        "number": number,
        "source": "IXN",
        "destination": "Kafka",
        "protocol": "TCP",
        "port": port,
        "endpoints": ["kafka-0:9092", "kafka-1:9092"],
        "classification": "intra-cluster",
        "parameter": "[a.b]",
    }
    for tenant, number, port in (("blue", 1, 9092), ("blue", 2, None), ("green", 1, 9092))
]


def printed(width: int = 200) -> str:
    console = Console(file=io.StringIO(), width=width)
    connections.show(ROWS, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_each_tenant_has_a_table_with_all_endpoints() -> None:
    text = printed()

    assert text.count("Connections of") == 2
    assert text.count("kafka-1:9092") == 3


def test_an_unknown_port_is_blank_and_brackets_are_text() -> None:
    text = printed()

    assert "None" not in text
    assert text.count("[a.b]") == 3
