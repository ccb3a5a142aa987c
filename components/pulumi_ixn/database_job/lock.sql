-- Let one run at a time change something, until this connection ends: the previous Job may not have ended yet.
\getenv database DATABASE
SET lock_timeout = '60s';
SELECT pg_advisory_lock(hashtextextended('ixn-pulumi ' || :'database', 0)) AS locked \gset
