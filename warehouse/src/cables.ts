import { Socket } from "node:net";

/** The sockets of all connections to one database. */
export interface Cables {
  /** a new one, not yet connected */
  lay(): Socket;
  /** break all of them, and every later one as soon as it is laid */
  cut(): void;
}

export function layCables(): Cables {
  const open = new Set<Socket>();
  let isCut = false;
  return {
    lay() {
      const socket = new Socket();
      open.add(socket);
      socket.once("close", () => open.delete(socket));
      // its owner attaches its listeners first
      if (isCut) setImmediate(() => socket.destroy());
      return socket;
    },
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
  };
}
