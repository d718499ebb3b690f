import { Skeleton } from "@mantine/core";
import { Panel } from "./panel.tsx";

/** A panel whose content is not known yet: its title, and the space it will take. */
export function PanelSkeleton({
  title,
  height,
  className,
}: {
  title: string;
  height: number;
  className?: string;
}) {
  return (
    <Panel className={className} title={title}>
      <div aria-busy="true" style={{ height }}>
        <Skeleton height={12} width={280} maw="80%" />
      </div>
    </Panel>
  );
}

/** The row of filters that is not known yet. */
export function FiltersSkeleton({ count }: { count: number }) {
  return (
    <div style={{ display: "flex", flexWrap: "wrap", gap: 16, margin: "0 0 20px" }} aria-hidden>
      {Array.from({ length: count }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the fields have nothing else
        <div key={i}>
          <Skeleton height={10} width={48} mt={4} mb={8} />
          <Skeleton height={36} width={i === 0 ? 250 : 150} />
        </div>
      ))}
    </div>
  );
}
