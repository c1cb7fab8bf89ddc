/** The descriptor of the line between the trusted side and the launcher. 3 and 4 are those of a host. */
export const LAUNCHER_LINE = 5;

/** Where the launcher finds the socket of the relay, inside the namespace. */
export const RELAY_FOLDER = '/relay';
export const RELAY_SOCKET = 'socket';

/** What the launcher is started with, as JSON in its one argument. */
export type LaunchOrder = {
  command: string;
  args: readonly string[];
  /** Descriptors beyond the usual three that the program gets, under the same numbers. */
  descriptors: readonly number[];
  /** The port on which the program finds the suite's Redis from the beginning; null: none. */
  redis: number | null;
};

/** What the launcher is asked, in frames (see frame.ts) of JSON. */
export type LauncherRequest =
  | { op: 'signal'; signal: NodeJS.Signals }
  /** The program finds Redis on this port of its loopback from now on; null: nobody listens there any more. */
  | { op: 'redis'; id: number; port: number | null };

export type LauncherEvent =
  { event: 'done'; id: number } | { event: 'exit'; code: number | null; signal: NodeJS.Signals | null };
