-- A training says how far it is, so that every process can tell; its model is found by its experiment.

alter table ml_experiment_registry add column progress_json jsonb;
comment on column ml_experiment_registry.progress_json is 'How far a RUNNING training is; null before its first word and after its end.';
comment on column ml_experiment_registry.status is 'A training that finds itself not RUNNING any more stops: closing its row cancels it.';

create index model_version_by_experiment on model_version (experiment_id);
