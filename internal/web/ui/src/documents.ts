/** A contract document with its variables, ready for a tab of GraphiQL. */
export interface ExampleDocument {
  operation: string;
  query: string;
  variables: string;
}

const queries = import.meta.glob<string>('./documents/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob<string>('./documents/*.json', { query: '?raw', import: 'default', eager: true });

/** The contract documents that run as they are, in the order of their numbers. */
export const exampleDocuments: ExampleDocument[] = Object.keys(queries)
  .sort()
  .map((path) => {
    const query = queries[path] ?? '';
    return {
      operation: /^query (\w+)/m.exec(query)?.[1] ?? '',
      query,
      variables: JSON.stringify(JSON.parse(variables[path.replace(/graphql$/, 'json')] ?? '{}'), null, 2),
    };
  });
