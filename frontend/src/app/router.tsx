import { NuqsAdapter } from "nuqs/adapters/react-router/v8";
import { createBrowserRouter, redirect } from "react-router";
import { pages } from "./pages.ts";
import { NotFound, RouteError, ShellError } from "./route-error.tsx";
import { Shell, ShellFallback } from "./shell.tsx";

/** One route per page, each with its own code and its own error boundary inside the shell. */
export function createRouter() {
  return createBrowserRouter([
    {
      element: (
        <NuqsAdapter
          defaultOptions={{ shallow: false, history: "push", scroll: false, clearOnDefault: true }}
        >
          <Shell />
        </NuqsAdapter>
      ),
      ErrorBoundary: ShellError,
      HydrateFallback: ShellFallback,
      children: [
        ...pages.map((page) => ({
          path: `/${page.path}`,
          ErrorBoundary: RouteError,
          lazy: async () => ({ Component: await page.load() }),
        })),
        {
          path: "/notifications-alerts",
          loader: ({ request }) => redirect(`/notifications${new URL(request.url).search}`),
        },
        {
          // Where the sign-in links of the command line lead.
          path: "/sign-in",
          ErrorBoundary: RouteError,
          lazy: async () => ({
            Component: (await import("../features/session/components/sign-in-route.tsx")).SignInRoute,
          }),
        },
        { path: "*", Component: NotFound },
      ],
    },
  ]);
}
