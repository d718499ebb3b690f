import { Panel } from "../../../components/panel.tsx";
import { Segments } from "../../../components/segments.tsx";
import type { ContractVersionDetail } from "../../../lib/api-types.ts";
import { plural } from "../../../lib/format.ts";
import { fileName, fileSentences, profileSentences } from "../words.ts";
import { ColumnTable } from "./column-table.tsx";
import classes from "./contract-document.module.css";
import { RuleList } from "./rule-list.tsx";

interface ContractDocumentProps {
  contract: string;
  version: ContractVersionDetail;
  /** Profile whose file is read; null or unknown = the first. */
  file: string | null;
  onFile: (file: string) => void;
}

/** A version as a document to read: how any file is made, then one file's columns and rules. */
export function ContractDocument({ version, file, onFile }: ContractDocumentProps) {
  const names = Object.keys(version.profiles);
  const name = names.find((each) => each === file) ?? names[0];
  const profile = name === undefined ? undefined : version.profiles[name];
  return (
    <>
      <Panel
        title="What a file must look like"
        summary={fileSentences(version)}
        foot={
          version.sha256 ? (
            <span className={classes.hash}>
              {version.schema_path}, held to its SHA-256 {version.sha256}
            </span>
          ) : (
            <span className={classes.hash}>{version.schema_path}, a draft that may still change</span>
          )
        }
        isFlush
      >
        <div className={classes.file}>
          <Segments
            label="File of a delivery"
            options={names.map((each) => ({ value: each, name: fileName(each) }))}
            value={name ?? null}
            onChange={onFile}
          />
          {profile && (
            <p className={classes.sentences}>
              {profile.description && <strong>{profile.description}. </strong>}
              {profileSentences(profile).join(" ")}
              {version.strict_types && " Every broken cell refuses the file."}
            </p>
          )}
        </div>
        {profile && name && <ColumnTable label={`Columns of ${fileName(name)}`} profile={profile} />}
      </Panel>
      {profile && name && (
        <Panel
          title="Rules"
          summary={
            profile.rules.length === 0
              ? undefined
              : `${plural(profile.rules.length, "rule")} over the rows of this file, asked after every cell was read.`
          }
          isFlush
        >
          <RuleList rules={profile.rules} />
        </Panel>
      )}
    </>
  );
}
