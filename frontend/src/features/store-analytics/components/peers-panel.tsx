import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { EmptyState } from "../../../components/empty-state.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Panel } from "../../../components/panel.tsx";
import type { Store } from "../../../lib/api-types.ts";
import { assortmentName } from "../../../lib/describe-store.ts";
import { count, distance, money, moneyShort, percent, percentWhole, plural } from "../../../lib/format.ts";
import { comparePeers, medianOf, type PeerComparison } from "../peers.ts";
import classes from "./peers-panel.module.css";

/** The store among its peers and its surroundings; for the chain, the kinds of stores it is made of. */
export function Peers({ stores, chosen }: { stores: UseQueryResult<Store[]>; chosen: Store | null }) {
  return (
    <Panel
      title={chosen === null ? "Kinds of stores" : "Among its peers"}
      summary={
        chosen === null
          ? "Sales of an open day, median of each type."
          : peerSentence(stores.data ?? [], chosen)
      }
    >
      {stores.isPending && <Skeleton height={180} />}
      {stores.isError && stores.data === undefined && (
        <Failure what="The stores" error={stores.error} onRetry={() => void stores.refetch()} />
      )}
      {stores.data &&
        (chosen === null ? <Kinds stores={stores.data} /> : <OneStore stores={stores.data} store={chosen} />)}
    </Panel>
  );
}

function peerSentence(stores: readonly Store[], store: Store): string {
  const peers = comparePeers(stores, store);
  if (peers === null) return "No other store has this type and assortment.";
  const place =
    Math.abs(peers.ratio) < 0.005
      ? "as much as"
      : `${percent(Math.abs(peers.ratio))} ${peers.ratio > 0 ? "more than" : "less than"}`;
  return `On an open day it sells ${place} the median of the ${plural(peers.count, "store")} with its type and assortment.`;
}

function OneStore({ stores, store }: { stores: readonly Store[]; store: Store }) {
  const peers = comparePeers(stores, store);
  const distances = stores.flatMap((entry) =>
    entry.competition_distance === null ? [] : [entry.competition_distance],
  );
  const nearer =
    store.competition_distance === null
      ? null
      : distances.filter((value) => value < (store.competition_distance ?? 0)).length / distances.length;
  return (
    <>
      {peers && store.avg_daily_sales !== null && <PeerStrip peers={peers} own={store.avg_daily_sales} />}
      <dl className={classes.facts}>
        {peers && <Fact name="Rank among them" value={`${count(peers.rank)} of ${count(peers.count)}`} />}
        <Fact
          name="On an open day"
          value={money(store.avg_daily_sales)}
          note={peers ? `median ${money(peers.median)}` : undefined}
        />
        <Fact
          name="Type, assortment"
          value={`${store.store_type ?? "–"}, ${assortmentName(store.assortment) ?? "–"}`}
        />
        <Fact
          name="Nearest competitor"
          value={distance(store.competition_distance)}
          note={nearer === null ? "unknown" : `nearer for ${percentWhole(nearer)} of the stores`}
        />
        <Fact
          name="Continuing promotion"
          value={store.promo2 === null ? "–" : store.promo2 === 1 ? "Takes part" : "Does not take part"}
        />
      </dl>
    </>
  );
}

function PeerStrip({ peers, own }: { peers: PeerComparison; own: number }) {
  const low = peers.values[0] ?? 0;
  const high = peers.values.at(-1) ?? 1;
  const at = (value: number): string => `${high === low ? 50 : ((value - low) / (high - low)) * 100}%`;
  return (
    <div
      className={classes.strip}
      role="img"
      aria-label={`This store ${money(own)}, lowest peer ${money(low)}, median ${money(peers.median)}, highest ${money(high)}`}
    >
      <div className={classes.axis}>
        {peers.values.map((value, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two peers may sell the same
          <i key={`${value}-${i}`} style={{ left: at(value) }} />
        ))}
        <b className={classes.median} style={{ left: at(peers.median) }} />
        <b className={classes.own} style={{ left: at(own) }} />
      </div>
      <div className={classes.ends}>
        <span>{moneyShort(low)}</span>
        <span>{moneyShort(high)}</span>
      </div>
    </div>
  );
}

function Kinds({ stores }: { stores: readonly Store[] }) {
  const types = [...new Set(stores.map((store) => store.store_type))].toSorted((a, b) =>
    String(a).localeCompare(String(b)),
  );
  const kinds = types
    .map((type) => {
      const values = stores
        .filter((store) => store.store_type === type)
        .flatMap((store) => (store.avg_daily_sales === null ? [] : [store.avg_daily_sales]))
        .toSorted((a, b) => a - b);
      return { type, count: values.length, median: medianOf(values) };
    })
    .filter((kind) => kind.count > 0);
  const most = Math.max(1, ...kinds.map((kind) => kind.median));
  if (kinds.length === 0) return <EmptyState kind="no-match" title="No store has sales" />;
  return (
    <ul className={classes.kinds}>
      {kinds.map((kind) => (
        <li key={kind.type}>
          <span>
            {kind.type === null ? "Unknown type" : `Type ${kind.type}`}
            <small>{plural(kind.count, "store")}</small>
          </span>
          <i aria-hidden>
            <b style={{ width: `${(kind.median / most) * 100}%` }} />
          </i>
          <strong>{money(kind.median)}</strong>
        </li>
      ))}
    </ul>
  );
}

function Fact({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
}
