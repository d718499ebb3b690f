import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "react-router/dom";
import { createQueryClient } from "../lib/query-client.ts";
import { createRouter } from "./router.tsx";
import { theme } from "./theme.ts";

const themeStorage = localStorageColorSchemeManager({ key: "rossmann-theme" });
const queryClient = createQueryClient();
const router = createRouter();

/** Theme, cache of answers and router around everything. */
export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={themeStorage}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
