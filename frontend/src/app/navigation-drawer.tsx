import { Drawer } from "@mantine/core";
import { Brand, Navigation } from "./sidebar.tsx";

/** The sidebar of small screens. */
export default function NavigationDrawer({ onClose }: { onClose: () => void }) {
  return (
    <Drawer
      opened
      onClose={onClose}
      size={264}
      title={<Brand />}
      padding={0}
      closeButtonProps={{ "aria-label": "Close the navigation", mr: 12 }}
    >
      <Navigation onNavigate={onClose} />
    </Drawer>
  );
}
