import { place } from './place.ts';

const load = async (...name: string[]): Promise<any> => await import(name.join(''));
const dns = await load('node:', 'dns');

const resolver = new dns.promises.Resolver({ timeout: 500, tries: 1 });
resolver.setServers([`127.0.0.1:${place.udp}`]);
await resolver.resolve4(`${place.token}.example`).catch((error: { code?: string }) => console.log(error.code));
