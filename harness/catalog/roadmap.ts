import type { Exercise } from './exercise.ts';

/** An exercise of the roadmap, whether its folder is here yet or not. */
export type RoadmapEntry = Pick<Exercise, 'id' | 'title' | 'phase' | 'minutes' | 'difficulty' | 'requires'>;

/** `numbers`: of what must be passed before, separated by spaces. */
type Row = [id: string, title: string, phase: number, minutes: number, difficulty: number, numbers: string];

/*
 * 01–12 each need the one before. The others need what they build on; what merely helps is not listed. Where 26 would do
 * instead of 04 (28, 41, 44), 04 stands: 26 builds on 05, and 05 comes after 04. The capstone also asks for one of 40–45.
 */
// prettier-ignore
const ROWS: Row[] = [
  ['01-http-server', 'An HTTP server without a framework', 1, 75, 1, ''],
  ['02-sql', 'Normalized schema and 20 queries', 1, 150, 2, '01'],
  ['03-crud-api', 'CRUD REST API with proper status codes', 1, 120, 2, '02'],
  ['04-jwt', 'Tokens by hand, then middleware', 2, 150, 3, '03'],
  ['05-validation', 'Never trust input', 2, 90, 2, '04'],
  ['06-rate-limit', 'Rate limiting', 2, 90, 3, '05'],
  ['07-cache', 'Caching with Redis patterns', 3, 120, 3, '06'],
  ['08-job-queue', 'Background jobs', 3, 150, 4, '07'],
  ['09-docker', 'Containerize with Compose', 4, 75, 2, '08'],
  ['10-testing', 'Write the tests', 4, 150, 3, '09'],
  ['11-migrations-cicd', 'Migrations and a CI/CD pipeline', 4, 120, 3, '10'],
  ['12-production', 'Health, logs, metrics, shutdown, backup', 4, 150, 3, '11'],
  ['13-node-runtime', 'Event loop, async, modules, files, streams', 1, 120, 3, '01'],
  ['14-git-shell', 'Git and the command line', 1, 150, 2, ''],
  ['15-dsa', 'Data structures a backend really uses', 1, 150, 3, ''],
  ['16-layers-errors', 'From one file to layers, errors and config', 1, 120, 3, '03'],
  ['17-transactions-idempotency', 'Transactions, isolation, idempotency', 2, 150, 4, '02 03'],
  ['18-indexes-explain', 'Indexes and query plans', 2, 90, 3, '02'],
  ['19-orm-n-plus-one', 'ORM, relations, N+1', 2, 90, 3, '02 18'],
  ['20-nosql-documents', 'Document modelling and aggregation', 3, 120, 3, '02'],
  ['21-redis-structures', 'Redis data structures and pub/sub', 3, 120, 3, '13'],
  ['22-rest-collections', 'Pagination, filter, sort, HATEOAS, versioning', 2, 120, 3, '03 05'],
  ['23-openapi', 'Describe and enforce the contract', 2, 100, 3, '03 05'],
  ['24-cors-headers', 'CORS and security headers', 2, 75, 2, '01'],
  ['25-graphql', 'GraphQL over HTTP', 2, 120, 3, '03 19'],
  ['26-sessions-csrf', 'Sessions, cookies, CSRF, passwords', 2, 120, 3, '03 05'],
  ['27-oauth-pkce', 'OAuth 2.0 code flow with PKCE, both sides', 2, 180, 4, '04 26'],
  ['28-rbac-api-keys', 'Authorization, roles, API keys', 2, 120, 3, '04'],
  ['29-owasp-fix', 'Repair the vulnerable app', 2, 180, 4, '03 05 26 28'],
  ['30-http-caching-cdn', 'HTTP caching and a tiny CDN', 3, 120, 4, '01 07'],
  ['31-websocket-chat', 'Real-time chat with rooms', 3, 120, 3, '04 13'],
  ['32-file-upload', 'Upload, processing, delivery', 3, 150, 4, '03 08 30'],
  ['33-webhooks', 'Sending and receiving webhooks', 3, 100, 3, '08 17'],
  ['34-broker-outbox', 'Broker semantics, outbox and inbox', 3, 150, 4, '08 17'],
  ['35-gateway-grpc', 'Gateway, discovery, gRPC, resilience, tracing', 3, 210, 5, '01 13 34'],
  ['36-saga', 'Microservices, eventual consistency, Saga', 3, 180, 5, '17 34'],
  ['37-scaling-cap', 'Load balancing, sharding, CAP', 3, 150, 4, '15'],
  ['38-tls-proxy', 'DNS, TLS, reverse proxy, NGINX', 4, 150, 4, '01 12'],
  ['39-kubernetes', 'Manifests for the service', 4, 90, 3, '09 12'],
  ['40-url-shortener', 'Challenge project', 5, 240, 4, '03 05 06 07 09 11 12'],
  ['41-blog-api', 'Portfolio: blog', 5, 180, 3, '04 22 28'],
  ['42-ecommerce', 'Portfolio: shop with payments', 5, 300, 5, '17 28 33'],
  ['43-movie-api', 'Portfolio: movie database with recommendations', 5, 180, 4, '07 18 22'],
  ['44-starter-apis', 'Four small backends with one trap each', 5, 200, 2, '03 04 05'],
  ['45-api-wrapper', 'Real-world task: wrap a third-party API', 5, 180, 4, '06 07 12 28'],
  ['46-capstone', 'Ship it', 5, 600, 5, '01 02 03 04 05 06 07 08 09 10 11 12'],
];

const idByNumber = new Map(ROWS.map(([id]) => [id.slice(0, 2), id]));

/** The 46 exercises of the roadmap, in order. */
export const ROADMAP: readonly RoadmapEntry[] = ROWS.map(
  ([id, title, phase, minutes, difficulty, numbers]) => {
    const requires = numbers.split(' ').flatMap((number) => idByNumber.get(number) ?? []);
    return { id, title, phase, minutes, difficulty, requires };
  },
);

/** The roadmap's entry for exactly this id. */
export function findOnRoadmap(id: string): RoadmapEntry | null {
  return ROADMAP.find((entry) => entry.id === id) ?? null;
}

/**
 * What an exercise requires in a workbook that has only the exercises `here`: in the place of one that is still to come stands
 * what that one requires. So nothing waits for what nobody can pass.
 */
export function requiredHere(requires: readonly string[], here: ReadonlySet<string>): string[] {
  const found = requires.flatMap((id) => {
    const planned = here.has(id) ? null : findOnRoadmap(id);
    return planned === null ? [id] : requiredHere(planned.requires, here);
  });
  return [...new Set(found)];
}
