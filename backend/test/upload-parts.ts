import type { OutgoingHttpHeaders } from "node:http";

const BOUNDARY = "----shops";

/** One part of a form: a file when it has a file name, else a field. */
export interface FormPart {
  name: string;
  fileName?: string;
  content: string | Buffer;
}

/** A form as a browser sends it. */
export function formOf(parts: readonly FormPart[]): { payload: Buffer; headers: OutgoingHttpHeaders } {
  const chunks = parts.flatMap(({ name, fileName, content }) => [
    Buffer.from(
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"` +
        `${fileName === undefined ? "" : `; filename="${fileName}"\r\ncontent-type: text/csv`}\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
  return {
    payload: Buffer.concat([...chunks, Buffer.from(`--${BOUNDARY}--\r\n`)]),
    headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}` },
  };
}

const HEADER = "Store,DayOfWeek,Date,Sales,Customers,Open,Promo,StateHoliday,SchoolHoliday";

/** A sales file of one shop's days from 2015-06-01 on, with these sales. */
export function salesCsv(sales: readonly (number | string)[]): string {
  const days = sales.map((value, each) => {
    const date = new Date(Date.UTC(2015, 5, 1 + each));
    return `1,${date.getUTCDay() || 7},${date.toISOString().slice(0, 10)},${value},5,1,0,0,0`;
  });
  return `${[HEADER, ...days].join("\n")}\n`;
}

export const STORE_CSV =
  "Store,StoreType,Assortment,CompetitionDistance,CompetitionOpenSinceMonth,CompetitionOpenSinceYear,Promo2,Promo2SinceWeek,Promo2SinceYear,PromoInterval\n" +
  "1,a,a,100,1,2010,0,,,\n";

export const delivery = (train: string, ...more: FormPart[]): FormPart[] => [
  { name: "train", fileName: "train.csv", content: train },
  { name: "store", fileName: "store.csv", content: STORE_CSV },
  ...more,
];

/** Names that mean to leave the folder: every turn that is known, by each kind of separator and encoding. */
export function traversalForms(): string[] {
  const ups = ["..", "%2e%2e", "%252e%252e", "..%00", "....", "．．", "%c0%ae%c0%ae", ".%2e"];
  const separators = ["/", "\\", "%2f", "%5c", "%252f", "／", "//", "/./", "\\/", "%c0%af"];
  const twice = ups.flatMap((up) =>
    separators.map((separator) => `${up}${separator}${up}${separator}outside.csv`),
  );
  const others = [
    "/etc/passwd.csv",
    "C:\\Windows\\outside.csv",
    "\\\\server\\share\\outside.csv",
    "file:///etc/outside.csv",
    "~/outside.csv",
    "train.csv/../../outside.csv",
    "./outside.csv",
    "a/b.csv",
    "train.csv%00.txt",
    "train.csv\u202e.csv",
    "CON/outside.csv",
    "outside.csv/",
    "..",
    ".",
    ".csv",
    "..csv",
    ".hidden.csv",
    "a..b.csv",
    "outside.csv::$DATA",
    "$HOME/outside.csv",
  ];
  return [...twice, ...others];
}
