-- extract_year of date
-- refused, unsupported_feature: MySQL has no extract_year; compute it where the rows are read, or say it in raw SQL

-- extract_quarter of date
-- refused, unsupported_feature: MySQL has no extract_quarter; compute it where the rows are read, or say it in raw SQL

-- extract_month of date
-- refused, unsupported_feature: MySQL has no extract_month; compute it where the rows are read, or say it in raw SQL

-- extract_week of date
-- refused, unsupported_feature: MySQL has no extract_week; compute it where the rows are read, or say it in raw SQL

-- extract_weekday of date
-- refused, unsupported_feature: MySQL has no extract_weekday; compute it where the rows are read, or say it in raw SQL

-- extract_day of date
-- refused, unsupported_feature: MySQL has no extract_day; compute it where the rows are read, or say it in raw SQL

-- extract_day_of_year of date
-- refused, unsupported_feature: MySQL has no extract_day_of_year; compute it where the rows are read, or say it in raw SQL

-- truncate_year of date
-- refused, unsupported_feature: MySQL has no truncate_year; compute it where the rows are read, or say it in raw SQL

-- truncate_quarter of date
-- refused, unsupported_feature: MySQL has no truncate_quarter; compute it where the rows are read, or say it in raw SQL

-- truncate_month of date
-- refused, unsupported_feature: MySQL has no truncate_month; compute it where the rows are read, or say it in raw SQL

-- truncate_week of date
-- refused, unsupported_feature: MySQL has no truncate_week; compute it where the rows are read, or say it in raw SQL

-- truncate_day of date
-- refused, unsupported_feature: MySQL has no truncate_day; compute it where the rows are read, or say it in raw SQL

-- add_days of date
-- refused, unsupported_feature: MySQL has no add_days; compute it where the rows are read, or say it in raw SQL

-- add_months of date
-- refused, unsupported_feature: MySQL has no add_months; compute it where the rows are read, or say it in raw SQL

-- span added to date
-- refused, unsupported_feature: MySQL has no arithmetic on dates, times and intervals; compute them where they are read

-- extract_year of timestamp
-- refused, unsupported_feature: MySQL has no extract_year; compute it where the rows are read, or say it in raw SQL

-- extract_quarter of timestamp
-- refused, unsupported_feature: MySQL has no extract_quarter; compute it where the rows are read, or say it in raw SQL

-- extract_month of timestamp
-- refused, unsupported_feature: MySQL has no extract_month; compute it where the rows are read, or say it in raw SQL

-- extract_week of timestamp
-- refused, unsupported_feature: MySQL has no extract_week; compute it where the rows are read, or say it in raw SQL

-- extract_weekday of timestamp
-- refused, unsupported_feature: MySQL has no extract_weekday; compute it where the rows are read, or say it in raw SQL

-- extract_day of timestamp
-- refused, unsupported_feature: MySQL has no extract_day; compute it where the rows are read, or say it in raw SQL

-- extract_day_of_year of timestamp
-- refused, unsupported_feature: MySQL has no extract_day_of_year; compute it where the rows are read, or say it in raw SQL

-- truncate_year of timestamp
-- refused, unsupported_feature: MySQL has no truncate_year; compute it where the rows are read, or say it in raw SQL

-- truncate_quarter of timestamp
-- refused, unsupported_feature: MySQL has no truncate_quarter; compute it where the rows are read, or say it in raw SQL

-- truncate_month of timestamp
-- refused, unsupported_feature: MySQL has no truncate_month; compute it where the rows are read, or say it in raw SQL

-- truncate_week of timestamp
-- refused, unsupported_feature: MySQL has no truncate_week; compute it where the rows are read, or say it in raw SQL

-- truncate_day of timestamp
-- refused, unsupported_feature: MySQL has no truncate_day; compute it where the rows are read, or say it in raw SQL

-- add_days of timestamp
-- refused, unsupported_feature: MySQL has no add_days; compute it where the rows are read, or say it in raw SQL

-- add_months of timestamp
-- refused, unsupported_feature: MySQL has no add_months; compute it where the rows are read, or say it in raw SQL

-- span added to timestamp
-- refused, unsupported_feature: MySQL has no arithmetic on dates, times and intervals; compute them where they are read

-- extract_year of timestamp_utc
-- refused, unsupported_feature: MySQL has no extract_year; compute it where the rows are read, or say it in raw SQL

-- extract_quarter of timestamp_utc
-- refused, unsupported_feature: MySQL has no extract_quarter; compute it where the rows are read, or say it in raw SQL

-- extract_month of timestamp_utc
-- refused, unsupported_feature: MySQL has no extract_month; compute it where the rows are read, or say it in raw SQL

-- extract_week of timestamp_utc
-- refused, unsupported_feature: MySQL has no extract_week; compute it where the rows are read, or say it in raw SQL

-- extract_weekday of timestamp_utc
-- refused, unsupported_feature: MySQL has no extract_weekday; compute it where the rows are read, or say it in raw SQL

-- extract_day of timestamp_utc
-- refused, unsupported_feature: MySQL has no extract_day; compute it where the rows are read, or say it in raw SQL

-- extract_day_of_year of timestamp_utc
-- refused, unsupported_feature: MySQL has no extract_day_of_year; compute it where the rows are read, or say it in raw SQL

-- truncate_year of timestamp_utc
-- refused, unsupported_feature: MySQL has no truncate_year; compute it where the rows are read, or say it in raw SQL

-- truncate_quarter of timestamp_utc
-- refused, unsupported_feature: MySQL has no truncate_quarter; compute it where the rows are read, or say it in raw SQL

-- truncate_month of timestamp_utc
-- refused, unsupported_feature: MySQL has no truncate_month; compute it where the rows are read, or say it in raw SQL

-- truncate_week of timestamp_utc
-- refused, unsupported_feature: MySQL has no truncate_week; compute it where the rows are read, or say it in raw SQL

-- truncate_day of timestamp_utc
-- refused, unsupported_feature: MySQL has no truncate_day; compute it where the rows are read, or say it in raw SQL

-- add_days of timestamp_utc
-- refused, unsupported_feature: MySQL has no add_days; compute it where the rows are read, or say it in raw SQL

-- add_months of timestamp_utc
-- refused, unsupported_feature: MySQL has no add_months; compute it where the rows are read, or say it in raw SQL

-- span added to timestamp_utc
-- refused, unsupported_feature: MySQL has no arithmetic on dates, times and intervals; compute them where they are read

-- extract_hour of timestamp
-- refused, unsupported_feature: MySQL has no extract_hour; compute it where the rows are read, or say it in raw SQL

-- extract_minute of timestamp
-- refused, unsupported_feature: MySQL has no extract_minute; compute it where the rows are read, or say it in raw SQL

-- extract_second of timestamp
-- refused, unsupported_feature: MySQL has no extract_second; compute it where the rows are read, or say it in raw SQL

-- truncate_hour of timestamp
-- refused, unsupported_feature: MySQL has no truncate_hour; compute it where the rows are read, or say it in raw SQL

-- truncate_minute of timestamp
-- refused, unsupported_feature: MySQL has no truncate_minute; compute it where the rows are read, or say it in raw SQL

-- span between two of timestamp
-- refused, unsupported_feature: MySQL has no arithmetic on dates, times and intervals; compute them where they are read

-- extract_hour of timestamp_utc
-- refused, unsupported_feature: MySQL has no extract_hour; compute it where the rows are read, or say it in raw SQL

-- extract_minute of timestamp_utc
-- refused, unsupported_feature: MySQL has no extract_minute; compute it where the rows are read, or say it in raw SQL

-- extract_second of timestamp_utc
-- refused, unsupported_feature: MySQL has no extract_second; compute it where the rows are read, or say it in raw SQL

-- truncate_hour of timestamp_utc
-- refused, unsupported_feature: MySQL has no truncate_hour; compute it where the rows are read, or say it in raw SQL

-- truncate_minute of timestamp_utc
-- refused, unsupported_feature: MySQL has no truncate_minute; compute it where the rows are read, or say it in raw SQL

-- span between two of timestamp_utc
-- refused, unsupported_feature: MySQL has no arithmetic on dates, times and intervals; compute them where they are read

-- days_between of date
-- refused, unsupported_feature: MySQL has no days_between; compute it where the rows are read, or say it in raw SQL

