import 'graphiql/setup-workers/vite';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './graphiql.css';

import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

import { opening } from './tabs';

const fetcher = createGraphiQLFetcher({ url: '/graphql' });

// A link may open one of the examples: /graphiql?operation=Coverage. The parameter leaves the address afterwards, because a
// reload shall keep what the reader has typed since.
const address = new URL(window.location.href);
const { tabs, query, variables } = opening(address.searchParams.get('operation'));
if (address.searchParams.has('operation')) {
  address.searchParams.delete('operation');
  window.history.replaceState(null, '', address);
}

const container = document.getElementById('root');
if (!container) {
  throw new Error('the page has no element with the id root');
}
createRoot(container).render(
  <GraphiQL
    fetcher={fetcher}
    defaultTabs={tabs}
    initialQuery={query}
    initialVariables={variables}
    defaultEditorToolsVisibility="variables"
  >
    <GraphiQL.Logo>
      <a className="graphiql-logo-link" href="/">
        kritisgraph
      </a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
