"""What a tenant may have in its database, and what a copy of it must have in common with it."""

from tests.postgres.runs import Workload
from tests.postgres.server import Server

READER = "reporting"
"""A role of somebody else, who may read the tenant's data."""

_FILL = r"""
CREATE SCHEMA "Größe";
CREATE TYPE state AS ENUM ('neu', 'läuft', 'fertig');
CREATE SEQUENCE tickets START 1000 INCREMENT 7;
CREATE TABLE interactions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket bigint NOT NULL DEFAULT nextval('tickets'),
    state state NOT NULL DEFAULT 'neu',
    "Betreff" text NOT NULL,
    properties jsonb NOT NULL,
    body bytea,
    received timestamptz NOT NULL DEFAULT '2026-11-30T12:00:00Z'
);
CREATE INDEX ON interactions USING gin (properties);
CREATE TABLE "Größe"."Anhänge" (
    interaction bigint NOT NULL REFERENCES interactions,
    content oid NOT NULL
);
INSERT INTO interactions ("Betreff", properties, body)
SELECT E'Ärger mit der Rechnung № ' || n || E' 🙂 \t"\\N" ''$$'' 日本語',
       jsonb_build_object('n', n, 'ключ', 'значение'),
       decode(md5(n::text), 'hex')
FROM generate_series(1, 500) AS n;
INSERT INTO "Größe"."Anhänge"
SELECT id, lo_from_bytea(0, decode(repeat(md5(id::text), 200), 'hex')) FROM interactions WHERE id % 50 = 0;
CREATE VIEW open_interactions AS SELECT * FROM interactions WHERE state <> 'fertig';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
    $body$ BEGIN NEW.state := 'läuft'; RETURN NEW; END $body$;
CREATE TRIGGER touched BEFORE UPDATE ON interactions FOR EACH ROW EXECUTE FUNCTION touch();
COMMENT ON TABLE interactions IS 'Überblick';
"""

_CONTENT = """
SELECT 'interactions', count(*), md5(string_agg(i::text, E'\\n' ORDER BY id)) FROM interactions AS i;
SELECT 'attachments', count(*), md5(string_agg(md5(lo_get(content)), E'\\n' ORDER BY interaction))
    FROM "Größe"."Anhänge";
SELECT 'sequence', sequencename, last_value, increment_by FROM pg_sequences ORDER BY sequencename;
SELECT 'index', indexdef FROM pg_indexes WHERE schemaname IN ('public', 'Größe') ORDER BY indexdef;
SELECT 'constraint', conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace::regnamespace::text IN ('public', '"Größe"') ORDER BY 2, 3;
SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal;
SELECT 'view', pg_get_viewdef('open_interactions'::regclass);
SELECT 'comment', obj_description('interactions'::regclass);
"""

_OWNERS = """
SELECT DISTINCT pg_get_userbyid(owner) FROM (
    SELECT relowner FROM pg_class WHERE relnamespace IN (SELECT oid FROM own)
    UNION ALL SELECT proowner FROM pg_proc WHERE pronamespace IN (SELECT oid FROM own)
    UNION ALL SELECT typowner FROM pg_type WHERE typnamespace IN (SELECT oid FROM own)
    UNION ALL SELECT nspowner FROM pg_namespace WHERE nspname = 'Größe'
    UNION ALL SELECT lomowner FROM pg_largeobject_metadata
) AS owned (owner)
"""


def fill(server: Server, workload: Workload) -> None:
    """Fill the database, as the role."""
    workload.sql(server, _FILL)


def grant(server: Server, workload: Workload) -> None:
    """Let the other role read the tenant's data, as the role itself does it."""
    workload.sql(
        server,
        f'GRANT CONNECT ON DATABASE "{workload.database}" TO {READER}; GRANT SELECT ON interactions TO {READER}',
    )


def content(server: Server, workload: Workload) -> list[str]:
    """Return what the role reads: a line for each table, with a digest of its rows, and for everything else."""
    return workload.sql(server, _CONTENT)


def owners(server: Server, workload: Workload) -> list[str]:
    """Return the roles that own what is in the database."""
    own = "WITH own AS (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'Größe'))"
    return server.sql(f"{own} {_OWNERS}", on=workload.database)
