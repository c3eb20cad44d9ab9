-- Profile `cluster` has a log of its own, and so read models, checkpoints and keys of its own.
CREATE DATABASE sekisho_cluster;
