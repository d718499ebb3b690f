import { ActionIcon } from "@mantine/core";
import { useHotkeys, useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router";
import { UrlNotice } from "../components/url-notice.tsx";
import { useSession } from "../features/session/api/session.ts";
import { useSignInLink } from "../features/session/use-sign-in-link.ts";
import { onAskedToSignIn } from "../lib/ask-to-sign-in.ts";
import { OfflineBanner } from "./offline-banner.tsx";
import classes from "./shell.module.css";
import { Brand, Navigation } from "./sidebar.tsx";
import { StatusBar } from "./status-bar.tsx";
import { useJumpKeys } from "./use-jump-keys.ts";

const CommandPalette = lazy(() => import("./command-palette.tsx"));
const ShortcutHelp = lazy(() => import("./shortcut-help.tsx"));
const NavigationDrawer = lazy(() => import("./navigation-drawer.tsx"));
const AccountDialog = lazy(() => import("../features/session/components/account-dialog.tsx"));
const SignInPage = lazy(() => import("../features/session/components/sign-in-page.tsx"));

/** What is laid over the page at the moment. */
type Overlay = "palette" | "shortcuts" | "navigation" | "account" | null;

/** The frame of every page: sidebar, status bar, skip link, palette, shortcuts, and the page itself. */
export function Shell() {
  const [isFolded, setFolded] = useLocalStorage({
    key: "rossmann-sidebar-folded",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [overlay, setOverlay] = useState<Overlay>(null);
  const isNarrow = useMediaQuery("(max-width: 899px)", false, { getInitialValueInEffect: false });
  const navigation = useNavigation();
  const close = () => setOverlay(null);
  const { data: session } = useSession();
  const linkProblem = useSignInLink();
  const isShut = session?.key_required === true && !session.signed_in;
  useEffect(() => onAskedToSignIn(() => setOverlay("account")), []);

  useHotkeys([
    ["mod+K", () => setOverlay("palette")],
    ["shift+?", () => setOverlay("shortcuts")],
    ["?", () => setOverlay("shortcuts")],
    ["/", () => focusSearch(() => setOverlay("palette"))],
  ]);
  useJumpKeys();
  useFocusOnNavigation();

  return (
    <div className={classes.shell} data-folded={isFolded || undefined}>
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      <aside className={classes.sidebar} aria-label="Sidebar">
        <Brand isFolded={isFolded} />
        <Navigation isFolded={isFolded} />
        <div className={classes.fold}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            aria-label={isFolded ? "Unfold the sidebar" : "Fold the sidebar"}
            aria-expanded={!isFolded}
            onClick={() => setFolded(!isFolded)}
          >
            {isFolded ? (
              <IconLayoutSidebarLeftExpand size={18} stroke={1.5} />
            ) : (
              <IconLayoutSidebarLeftCollapse size={18} stroke={1.5} />
            )}
          </ActionIcon>
        </div>
      </aside>
      <div className={classes.column}>
        <StatusBar
          session={session}
          onMenu={() => setOverlay("navigation")}
          onSearch={() => setOverlay("palette")}
          onAccount={() => setOverlay("account")}
        />
        <OfflineBanner />
        {linkProblem !== null && <UrlNotice sentences={[`The sign-in link did not work: ${linkProblem}`]} />}
        <div className={classes.progress} data-active={navigation.state !== "idle" || undefined} />
        <main id="main" className={classes.main} tabIndex={-1}>
          {isShut ? (
            <Suspense fallback={null}>
              <SignInPage />
            </Suspense>
          ) : (
            <Outlet />
          )}
        </main>
      </div>
      <Suspense fallback={null}>
        {overlay === "palette" && (
          <CommandPalette onClose={close} onShortcuts={() => setOverlay("shortcuts")} />
        )}
        {overlay === "shortcuts" && <ShortcutHelp onClose={close} />}
        {overlay === "account" && <AccountDialog onClose={close} />}
        {overlay === "navigation" && isNarrow && <NavigationDrawer onClose={close} />}
      </Suspense>
      <ScrollRestoration />
    </div>
  );
}

/** The frame while the first page's code is on its way: the same shape, nothing in it. */
export function ShellFallback() {
  return (
    <div className={classes.shell}>
      <aside className={classes.sidebar} aria-hidden />
      <div className={classes.column}>
        <div className={classes.barFallback} />
      </div>
    </div>
  );
}

/** Puts the cursor into the page's own search field; without one, `otherwise`. */
function focusSearch(otherwise: () => void): void {
  const field = document.querySelector<HTMLInputElement>("[data-page-search]");
  if (field === null) otherwise();
  else field.focus();
}

/** After a change of page, focus goes to its heading, so that a screen reader says where one is. */
function useFocusOnNavigation(): void {
  const { pathname } = useLocation();
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what starts the effect
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
  }, [pathname]);
}
