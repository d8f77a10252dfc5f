import { StorageAPI } from '@graphiql/toolkit';

import { exampleDocuments, type ExampleDocument } from './documents';

/** What GraphiQL shows when the page opens. */
export interface Opening {
  /** The tabs of a browser that has none stored. */
  tabs: ExampleDocument[];
  query: string;
  variables: string;
}

/**
 * The example asked for by its operation, else the tab that was open at the last visit, else the first example. Its variables are
 * given beside the query, because GraphiQL does not take them from the tab it opens.
 */
export function opening(operation: string | null): Opening {
  const asked = exampleDocuments.find((document) => document.operation === operation);
  const tabs = asked ? [asked, ...exampleDocuments.filter((document) => document !== asked)] : exampleDocuments;
  const tab = asked ?? storedTab() ?? tabs[0];
  return { tabs, query: tab?.query ?? '', variables: tab?.variables ?? '' };
}

interface StoredTabs {
  activeTabIndex: number;
  tabs: { query: string | null; variables: string | null }[];
}

function storedTab(): StoredTabs['tabs'][number] | undefined {
  try {
    const stored = JSON.parse(new StorageAPI().get('tabState') ?? 'null') as StoredTabs | null;
    return stored?.tabs[stored.activeTabIndex];
  } catch {
    return undefined; // GraphiQL starts anew from what it cannot read
  }
}
