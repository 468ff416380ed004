-- Whose facts these are, and which process is at work on them.

CREATE TABLE IF NOT EXISTS owner
(
    journal    String                                COMMENT 'id of the first entry of the journal that the facts come from',
    directory  String                                COMMENT 'its data directory, for people',
    host       String                                COMMENT 'its machine, for people',
    claimed_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'when'
)
ENGINE = MergeTree
ORDER BY claimed_at
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'The journal that this database belongs to: the first row counts.';

CREATE TABLE IF NOT EXISTS lease
(
    id      String                                COMMENT 'of the process',
    claim   String                                COMMENT 'what it says of itself, JSON',
    beat    UInt64                                COMMENT 'rises with each; the greatest there is when it has given the lease up',
    beat_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'when it said so'
)
ENGINE = Memory
SETTINGS min_rows_to_keep = 100, max_rows_to_keep = 1000
COMMENT 'Signs of life of the processes that use this database, the newest hundreds: in memory, where nothing is to be kept.';
