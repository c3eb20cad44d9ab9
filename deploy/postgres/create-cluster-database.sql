-- The profile `cluster` has its own log, so it needs its own read models, checkpoints and keys.
CREATE DATABASE sekisho_cluster;
