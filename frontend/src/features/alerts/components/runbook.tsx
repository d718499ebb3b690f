import { CopyText } from "../../../components/copy-text.tsx";

/** The page that tells what to do: a link where it is one, else its place among the documents that came with the platform. */
export function Runbook({ page }: { page: string }) {
  if (/^https?:\/\//.test(page))
    return (
      <a href={page} rel="noreferrer" target="_blank">
        {page}
      </a>
    );
  return <CopyText text={page} label="Copy where the runbook tells it" />;
}
