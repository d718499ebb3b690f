-- Who may ask: keys, the browser sessions they are traded for, and how often an address guessed wrong. No secret is kept, only
-- its SHA-256: each has 160 random bits, so that nothing shorter than trying them all turns a hash back into a key.

create table api_key (
  key_id          varchar(32)  primary key,
  name            varchar(128) not null check (btrim(name) <> ''),
  key_start       varchar(16)  not null,
  key_end         varchar(8)   not null,
  key_sha256      bytea        not null unique check (octet_length(key_sha256) = 32),
  scopes          text[]       not null,
  data_source_ids integer[]    check (cardinality(data_source_ids) > 0),
  notes           text,
  created_at      timestamptz  not null default now(),
  created_by      varchar(128) not null,
  expires_at      timestamptz,
  revoked_at      timestamptz,
  revoked_by      varchar(128),
  last_used_at    timestamptz,
  last_used_ip    varchar(64),
  constraint api_key_scopes_are_known check (
    cardinality(scopes) > 0 and scopes <@ array[
      'data:read', 'data:write', 'forecast:run', 'diagnostics:read', 'diagnostics:operate', 'diagnostics:admin'
    ])
);
comment on table api_key is 'One row per API key that was ever given out.';
comment on column api_key.key_start is 'First characters of the key, to tell keys apart; so is key_end.';
comment on column api_key.data_source_ids is 'Sources the key may see and change; null for all. A source that was deleted stays named, so that no key grows by it.';
comment on column api_key.last_used_at is 'Written at most once a minute.';
create unique index api_key_name_in_use on api_key (lower(name)) where revoked_at is null;
comment on index api_key_name_in_use is 'A name in an audit trail means one key.';

create table sign_in_code (
  code_sha256 bytea        primary key check (octet_length(code_sha256) = 32),
  name        varchar(128) not null,
  scopes      text[]       not null check (cardinality(scopes) > 0),
  created_at  timestamptz  not null default now(),
  expires_at  timestamptz  not null
);
comment on table sign_in_code is 'One row per sign-in link that was printed and not used yet; using it removes it.';

create table api_session (
  token_sha256 bytea       primary key check (octet_length(token_sha256) = 32),
  key_id       varchar(32) references api_key (key_id) on delete cascade,
  name         varchar(128),
  scopes       text[],
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null,
  constraint api_session_is_of_a_key_or_a_link check
    ((key_id is not null and name is null and scopes is null) or (key_id is null and name is not null and scopes is not null))
);
comment on table api_session is 'One row per signed-in browser. What it may do is its key''s, asked for on each request; a session from a sign-in link has its own.';
create index api_session_by_expiry on api_session (expires_at);

create unlogged table api_key_guess (
  address           varchar(64) primary key,
  window_started_at timestamptz not null default now(),
  failures          integer     not null default 1
);
comment on table api_key_guess is 'One row per address that lately sent a key nobody has. Worth nothing after a crash, hence unlogged.';
