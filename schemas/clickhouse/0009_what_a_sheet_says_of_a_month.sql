-- What a sheet says of each month that it speaks of, as a hash: two sheets that say the same of a month have the same one, however they are
-- written. So it can be told of a month whether accepted sheets have said different things of it, also where a ledger of the year so far was
-- replaced by that of a later month, without reading their facts again. Rows of before have none, until a rebuild.

ALTER TABLE submission_outcome ADD COLUMN IF NOT EXISTS spoken Array(Date32) COMMENT 'first days of the months that it speaks of';

ALTER TABLE submission_outcome ADD COLUMN IF NOT EXISTS said Array(String) COMMENT 'of each of these months a hash of what it says of it';
