// Runs graphql-http's audits of GraphQL over HTTP against the server at the URL given, for example http://127.0.0.1:8787/graphql.
// Recommendations count as much as requirements: anything but "ok" fails the run, and so does an unexpected number of audits.
import { auditServer } from 'graphql-http';

const EXPECTED = 61;

const url = process.argv[2] ?? process.env.GRAPHQL_URL;
if (!url) {
  console.error('usage: node audit-server.js URL (or set GRAPHQL_URL)');
  process.exit(2);
}

const results = await auditServer({ url });
const failed = results.filter((result) => result.status !== 'ok');
for (const { id, name, status, reason, response } of failed) {
  console.log(`${status} ${id} ${name}: ${reason}`);
  if (response) {
    const body = response.bodyUsed ? '(body was read by the audit)' : await response.text();
    console.log(`  HTTP ${response.status} ${response.headers.get('content-type') ?? ''} ${body.slice(0, 300)}`);
  }
}
console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
if (results.length !== EXPECTED) {
  console.log(`${EXPECTED} audits expected, ${results.length} ran`);
}
process.exit(failed.length === 0 && results.length === EXPECTED ? 0 : 1);
