import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip as a test wants it, right or wrong. */
export type ZipMember = {
  name: string;
  content?: string | Buffer;
  /** The mode of Unix, with the kind of file; none: the entry says nothing about it, as on Windows. */
  mode?: number;
  flags?: number;
  /** What the list of contents says of the unpacked size; the true one when left out. */
  size?: number;
  crc?: number;
};

/** For tests: the bytes of a zip (PKWARE APPNOTE 4.3). No library writes what must be refused. */
export function zipOf(members: readonly ZipMember[], counted: number = members.length): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content = '', mode, flags = 0x800, size, crc } of members) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const path = Buffer.from(name);
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(flags, 2);
    about.writeUInt16LE(8, 4);
    about.writeUInt32LE(crc ?? crc32(bytes), 10);
    about.writeUInt32LE(packed.length, 14);
    about.writeUInt32LE(size ?? bytes.length, 18);
    about.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), about, path, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((mode ?? 0) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const made = Buffer.from([20, mode === undefined ? 0 : 3]);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), made, about, tail, path]));
    locals.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(counted & 0xffff, 8);
  end.writeUInt16LE(counted & 0xffff, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, list, end]);
}
