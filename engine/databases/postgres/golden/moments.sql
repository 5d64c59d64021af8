-- extract_year of date
SELECT CAST(FLOOR(EXTRACT(YEAR FROM CAST("a_date" AS timestamp))) AS bigint) FROM "shelves"

-- extract_quarter of date
SELECT CAST(FLOOR(EXTRACT(QUARTER FROM CAST("a_date" AS timestamp))) AS bigint) FROM "shelves"

-- extract_month of date
SELECT CAST(FLOOR(EXTRACT(MONTH FROM CAST("a_date" AS timestamp))) AS bigint) FROM "shelves"

-- extract_week of date
SELECT CAST(FLOOR(EXTRACT(WEEK FROM CAST("a_date" AS timestamp))) AS bigint) FROM "shelves"

-- extract_weekday of date
SELECT CAST(FLOOR(EXTRACT(ISODOW FROM CAST("a_date" AS timestamp))) AS bigint) FROM "shelves"

-- extract_day of date
SELECT CAST(FLOOR(EXTRACT(DAY FROM CAST("a_date" AS timestamp))) AS bigint) FROM "shelves"

-- extract_day_of_year of date
SELECT CAST(FLOOR(EXTRACT(DOY FROM CAST("a_date" AS timestamp))) AS bigint) FROM "shelves"

-- truncate_year of date
SELECT CAST(date_trunc('year', CAST("a_date" AS timestamp)) AS date) FROM "shelves"

-- truncate_quarter of date
SELECT CAST(date_trunc('quarter', CAST("a_date" AS timestamp)) AS date) FROM "shelves"

-- truncate_month of date
SELECT CAST(date_trunc('month', CAST("a_date" AS timestamp)) AS date) FROM "shelves"

-- truncate_week of date
SELECT CAST(date_trunc('week', CAST("a_date" AS timestamp)) AS date) FROM "shelves"

-- truncate_day of date
SELECT CAST(date_trunc('day', CAST("a_date" AS timestamp)) AS date) FROM "shelves"

-- add_days of date
SELECT CAST((CAST("a_date" AS timestamp) + make_interval(days => CAST($1::bigint AS integer))) AS date) FROM "shelves"

-- add_months of date
SELECT CAST((CAST("a_date" AS timestamp) + make_interval(months => CAST($1::bigint AS integer))) AS date) FROM "shelves"

-- span added to date
SELECT "a_date" + $1::interval FROM "shelves"

-- extract_year of timestamp
SELECT CAST(FLOOR(EXTRACT(YEAR FROM CAST("a_timestamp" AS timestamp))) AS bigint) FROM "shelves"

-- extract_quarter of timestamp
SELECT CAST(FLOOR(EXTRACT(QUARTER FROM CAST("a_timestamp" AS timestamp))) AS bigint) FROM "shelves"

-- extract_month of timestamp
SELECT CAST(FLOOR(EXTRACT(MONTH FROM CAST("a_timestamp" AS timestamp))) AS bigint) FROM "shelves"

-- extract_week of timestamp
SELECT CAST(FLOOR(EXTRACT(WEEK FROM CAST("a_timestamp" AS timestamp))) AS bigint) FROM "shelves"

-- extract_weekday of timestamp
SELECT CAST(FLOOR(EXTRACT(ISODOW FROM CAST("a_timestamp" AS timestamp))) AS bigint) FROM "shelves"

-- extract_day of timestamp
SELECT CAST(FLOOR(EXTRACT(DAY FROM CAST("a_timestamp" AS timestamp))) AS bigint) FROM "shelves"

-- extract_day_of_year of timestamp
SELECT CAST(FLOOR(EXTRACT(DOY FROM CAST("a_timestamp" AS timestamp))) AS bigint) FROM "shelves"

-- truncate_year of timestamp
SELECT CAST(date_trunc('year', CAST("a_timestamp" AS timestamp)) AS timestamp) FROM "shelves"

-- truncate_quarter of timestamp
SELECT CAST(date_trunc('quarter', CAST("a_timestamp" AS timestamp)) AS timestamp) FROM "shelves"

-- truncate_month of timestamp
SELECT CAST(date_trunc('month', CAST("a_timestamp" AS timestamp)) AS timestamp) FROM "shelves"

-- truncate_week of timestamp
SELECT CAST(date_trunc('week', CAST("a_timestamp" AS timestamp)) AS timestamp) FROM "shelves"

-- truncate_day of timestamp
SELECT CAST(date_trunc('day', CAST("a_timestamp" AS timestamp)) AS timestamp) FROM "shelves"

-- add_days of timestamp
SELECT CAST((CAST("a_timestamp" AS timestamp) + make_interval(days => CAST($1::bigint AS integer))) AS timestamp) FROM "shelves"

-- add_months of timestamp
SELECT CAST((CAST("a_timestamp" AS timestamp) + make_interval(months => CAST($1::bigint AS integer))) AS timestamp) FROM "shelves"

-- span added to timestamp
SELECT "a_timestamp" + $1::interval FROM "shelves"

-- extract_year of timestamp_utc
SELECT CAST(FLOOR(EXTRACT(YEAR FROM ("a_timestamp_utc" AT TIME ZONE 'UTC'))) AS bigint) FROM "shelves"

-- extract_quarter of timestamp_utc
SELECT CAST(FLOOR(EXTRACT(QUARTER FROM ("a_timestamp_utc" AT TIME ZONE 'UTC'))) AS bigint) FROM "shelves"

-- extract_month of timestamp_utc
SELECT CAST(FLOOR(EXTRACT(MONTH FROM ("a_timestamp_utc" AT TIME ZONE 'UTC'))) AS bigint) FROM "shelves"

-- extract_week of timestamp_utc
SELECT CAST(FLOOR(EXTRACT(WEEK FROM ("a_timestamp_utc" AT TIME ZONE 'UTC'))) AS bigint) FROM "shelves"

-- extract_weekday of timestamp_utc
SELECT CAST(FLOOR(EXTRACT(ISODOW FROM ("a_timestamp_utc" AT TIME ZONE 'UTC'))) AS bigint) FROM "shelves"

-- extract_day of timestamp_utc
SELECT CAST(FLOOR(EXTRACT(DAY FROM ("a_timestamp_utc" AT TIME ZONE 'UTC'))) AS bigint) FROM "shelves"

-- extract_day_of_year of timestamp_utc
SELECT CAST(FLOOR(EXTRACT(DOY FROM ("a_timestamp_utc" AT TIME ZONE 'UTC'))) AS bigint) FROM "shelves"

-- truncate_year of timestamp_utc
SELECT (date_trunc('year', ("a_timestamp_utc" AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC') FROM "shelves"

-- truncate_quarter of timestamp_utc
SELECT (date_trunc('quarter', ("a_timestamp_utc" AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC') FROM "shelves"

-- truncate_month of timestamp_utc
SELECT (date_trunc('month', ("a_timestamp_utc" AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC') FROM "shelves"

-- truncate_week of timestamp_utc
SELECT (date_trunc('week', ("a_timestamp_utc" AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC') FROM "shelves"

-- truncate_day of timestamp_utc
SELECT (date_trunc('day', ("a_timestamp_utc" AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC') FROM "shelves"

-- add_days of timestamp_utc
SELECT ((("a_timestamp_utc" AT TIME ZONE 'UTC') + make_interval(days => CAST($1::bigint AS integer))) AT TIME ZONE 'UTC') FROM "shelves"

-- add_months of timestamp_utc
SELECT ((("a_timestamp_utc" AT TIME ZONE 'UTC') + make_interval(months => CAST($1::bigint AS integer))) AT TIME ZONE 'UTC') FROM "shelves"

-- span added to timestamp_utc
SELECT "a_timestamp_utc" + $1::interval FROM "shelves"

-- extract_hour of timestamp
SELECT CAST(FLOOR(EXTRACT(HOUR FROM CAST("a_timestamp" AS timestamp))) AS bigint) FROM "shelves"

-- extract_minute of timestamp
SELECT CAST(FLOOR(EXTRACT(MINUTE FROM CAST("a_timestamp" AS timestamp))) AS bigint) FROM "shelves"

-- extract_second of timestamp
SELECT CAST(FLOOR(EXTRACT(SECOND FROM CAST("a_timestamp" AS timestamp))) AS bigint) FROM "shelves"

-- truncate_hour of timestamp
SELECT CAST(date_trunc('hour', CAST("a_timestamp" AS timestamp)) AS timestamp) FROM "shelves"

-- truncate_minute of timestamp
SELECT CAST(date_trunc('minute', CAST("a_timestamp" AS timestamp)) AS timestamp) FROM "shelves"

-- span between two of timestamp
SELECT "a_timestamp" - "a_timestamp" FROM "shelves"

-- extract_hour of timestamp_utc
SELECT CAST(FLOOR(EXTRACT(HOUR FROM ("a_timestamp_utc" AT TIME ZONE 'UTC'))) AS bigint) FROM "shelves"

-- extract_minute of timestamp_utc
SELECT CAST(FLOOR(EXTRACT(MINUTE FROM ("a_timestamp_utc" AT TIME ZONE 'UTC'))) AS bigint) FROM "shelves"

-- extract_second of timestamp_utc
SELECT CAST(FLOOR(EXTRACT(SECOND FROM ("a_timestamp_utc" AT TIME ZONE 'UTC'))) AS bigint) FROM "shelves"

-- truncate_hour of timestamp_utc
SELECT (date_trunc('hour', ("a_timestamp_utc" AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC') FROM "shelves"

-- truncate_minute of timestamp_utc
SELECT (date_trunc('minute', ("a_timestamp_utc" AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC') FROM "shelves"

-- span between two of timestamp_utc
SELECT "a_timestamp_utc" - "a_timestamp_utc" FROM "shelves"

-- days_between of date
SELECT CAST("a_date" - "a_date" AS bigint) FROM "shelves"

