import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  contractHash,
  findProfile,
  loadContract,
  readContractRegistry,
  shippedRegistryPath,
} from "./registry.ts";

const CONTRACT = `contract_version: v1
format: csv
limits: { max_rows: 100, max_file_size_mb: 1 }
profiles:
  train:
    aliases: [rossmann_train]
    columns: [{ canonical_name: store_id, dtype: int }]
`;
const registry = (more = "", active = true) => `version: v1
contracts:
  - id: shop
    name: Shop
    is_active: ${active}
    versions:
      - { version: v1, schema_path: shop.v1.yaml${more} }
`;

let folder: string;
let registryPath: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "registry-"));
  registryPath = join(folder, "registry.yaml");
  await writeFile(join(folder, "shop.v1.yaml"), CONTRACT);
  await writeFile(registryPath, registry());
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("loadContract takes the last version of the list when none is named", async () => {
  await writeFile(
    join(folder, "shop.v2.yaml"),
    CONTRACT.replace("contract_version: v1", "contract_version: v2"),
  );
  await writeFile(registryPath, `${registry()}      - { version: v2, schema_path: shop.v2.yaml }\n`);
  expect((await loadContract("shop", undefined, { registryPath })).version).toBe("v2");
  expect((await loadContract("shop", "v1", { registryPath })).version).toBe("v1");
});

describe("what cannot be used is refused in a clear sentence", () => {
  test("an unknown contract", async () => {
    await expect(loadContract("shopp", "v1", { registryPath })).rejects.toMatchObject({
      code: "contract_unknown",
      kind: "not_found",
      message: "there is no contract shopp; the registry lists shop",
    });
  });

  test("an unknown version", async () => {
    await expect(loadContract("shop", "v9", { registryPath })).rejects.toMatchObject({
      code: "contract_version_unknown",
      message: "the contract shop has no version v9; the registry lists v1",
    });
  });

  test("a retired contract, which may still be read about", async () => {
    await writeFile(registryPath, registry("", false));
    await expect(loadContract("shop", "v1", { registryPath })).rejects.toMatchObject({
      code: "contract_inactive",
    });
    expect((await loadContract("shop", "v1", { registryPath, allowInactive: true })).id).toBe("shop");
  });

  test("no registry, no contract file", async () => {
    await expect(readContractRegistry(join(folder, "none.yaml"))).rejects.toMatchObject({
      code: "contract_registry_missing",
      message: expect.stringContaining("CONTRACTS_REGISTRY_PATH"),
    });
    await rm(join(folder, "shop.v1.yaml"));
    await expect(loadContract("shop", "v1", { registryPath })).rejects.toMatchObject({
      code: "contract_file_missing",
    });
  });

  test("a mistyped key of the registry, with its line", async () => {
    await writeFile(registryPath, registry().replace("is_active", "is_activ"));
    await expect(readContractRegistry(registryPath)).rejects.toMatchObject({
      mistakes: [{ line: 5, message: expect.stringContaining('did you mean "is_active"') }],
    });
  });

  test("a file that says another version than the registry", async () => {
    await writeFile(
      join(folder, "shop.v1.yaml"),
      CONTRACT.replace("contract_version: v1", "contract_version: v3"),
    );
    await expect(loadContract("shop", "v1", { registryPath })).rejects.toMatchObject({
      message: expect.stringMatching(/contract_version v3.*v1/),
    });
  });

  test("an unknown profile", async () => {
    const { contract } = await loadContract("shop", "v1", { registryPath });
    expect(findProfile(contract, "rossmann_train").name).toBe("train");
    expect(() => findProfile(contract, "stores")).toThrow("the contract has no profile stores; it has train");
  });
});

describe("a released version is immutable", () => {
  const released = () => registry(`, sha256: ${contractHash(CONTRACT)}`);

  test("the recorded hash is the file's, whatever its line ends", async () => {
    await writeFile(registryPath, released());
    await writeFile(join(folder, "shop.v1.yaml"), CONTRACT.replaceAll("\n", "\r\n"));
    expect(await loadContract("shop", "v1", { registryPath })).toMatchObject({ isReleased: true });
  });

  test("a changed file is refused with both hashes", async () => {
    const edited = CONTRACT.replace("max_rows: 100", "max_rows: 101");
    await writeFile(registryPath, released());
    await writeFile(join(folder, "shop.v1.yaml"), edited);
    await expect(loadContract("shop", "v1", { registryPath })).rejects.toMatchObject({
      code: "contract_changed",
      kind: "conflict",
      message: expect.stringMatching(new RegExp(`${contractHash(CONTRACT)}.*${contractHash(edited)}`)),
    });
  });

  test("every version that is shipped is released, and its file is the released one", async () => {
    const shipped = await readContractRegistry();
    for (const entry of shipped.contracts)
      for (const { version } of entry.versions)
        expect(await loadContract(entry.id, version, { allowInactive: true })).toMatchObject({
          isReleased: true,
        });
    expect(await readFile(shippedRegistryPath, "utf8")).toContain("sha256:");
  });
});
