-- Prometheus calls the group of targets "job": a label of ours by that name would be renamed at every scrape.

update metric_counter
set labels = (labels - 'job') || jsonb_build_object('job_name', labels ->> 'job')
where name in ('preflight_scheduler_ticks_total', 'preflight_scheduler_ticks_skipped_total') and labels ? 'job';
