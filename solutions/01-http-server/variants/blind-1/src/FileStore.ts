import * as fs from 'node:fs';
import * as path from 'node:path';
import { HttpError } from './HttpError.ts';

/** An open regular file. Whoever has it must close it or stream it. */
export class OpenFile {
  readonly size: number;
  private readonly descriptor: number;

  constructor(descriptor: number, size: number) {
    this.descriptor = descriptor;
    this.size = size;
  }

  close(): void {
    fs.close(this.descriptor, () => {});
  }

  /** Exactly `size` bytes, even when the file grows meanwhile. Closes the file. `size` must not be 0. */
  stream(): fs.ReadStream {
    return fs.createReadStream('', { fd: this.descriptor, start: 0, end: this.size - 1, autoClose: true });
  }
}

export type OpenCallback = (error: Error | null, file?: OpenFile) => void;

/** The files directly inside one folder, by their name. */
export class FileStore {
  private static readonly FLAGS =
    fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0);
  private static readonly MISSING = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'EMLINK', 'ENAMETOOLONG', 'ENXIO', 'EINVAL']);
  private static readonly FORBIDDEN = new Set(['EACCES', 'EPERM']);

  private readonly root: string;

  constructor(root: string) {
    this.root = path.resolve(root);
  }

  /** `name` is decoded already and is never decoded again. */
  open(name: string, callback: OpenCallback): void {
    const full = this.locate(name);
    if (full === null) {
      callback(new HttpError(404, 'Not found'));
      return;
    }
    fs.open(full, FileStore.FLAGS, (error, descriptor) => {
      if (error) {
        callback(FileStore.translate(error));
        return;
      }
      fs.fstat(descriptor, (statError, stats) => {
        if (statError || !stats.isFile()) {
          fs.close(descriptor, () => {});
          callback(statError ?? new HttpError(404, 'Not found'));
          return;
        }
        callback(null, new OpenFile(descriptor, stats.size));
      });
    });
  }

  /** The full path of a plain name, or null when the name is a path of its own. */
  private locate(name: string): string | null {
    if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
      return null;
    }
    if (process.platform === 'win32' && name.includes(':')) {
      return null;
    }
    const full = path.join(this.root, name);
    return path.dirname(full) === this.root && path.basename(full) === name ? full : null;
  }

  private static translate(error: NodeJS.ErrnoException): Error {
    const code = error.code ?? '';
    if (FileStore.MISSING.has(code)) {
      return new HttpError(404, 'Not found');
    }
    return FileStore.FORBIDDEN.has(code) ? new HttpError(403, 'Forbidden') : error;
  }
}
