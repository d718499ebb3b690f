import { Kbd, Modal, Table } from "@mantine/core";
import { pages } from "./pages.ts";

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

const shortcuts: { keys: string[]; does: string }[] = [
  { keys: [isApple ? "⌘" : "Ctrl", "K"], does: "Search pages, stores and actions" },
  { keys: ["/"], does: "Search on this page" },
  ...pages.map((page) => ({ keys: ["g", page.key], does: `Go to ${page.name}` })),
  { keys: ["←", "→"], does: "Walk through the days of a focused chart" },
  { keys: ["Esc"], does: "Close, or show the whole chart again" },
  { keys: ["?"], does: "This list" },
];

/** The list of keyboard shortcuts. */
export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" closeButtonProps={{ "aria-label": "Close" }}>
      <Table verticalSpacing={8} withRowBorders={false}>
        <Table.Tbody>
          {shortcuts.map(({ keys, does }) => (
            <Table.Tr key={does}>
              <Table.Td w={120}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
