-- Set the role's password, which psql reads from its input; it sends a SCRAM verifier, never the password itself.
\ir lock.sql
\getenv role ROLE_USERNAME
SET password_encryption = 'scram-sha-256';
\password :"role"
