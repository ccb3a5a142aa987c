-- Whether the role can log in, as which it runs.
SELECT 1;
