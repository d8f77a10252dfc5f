import{ar as e,ir as t,n,rr as r,t as i}from"./libraries-BRkLrhFm.js";var a=n(),o=`# F: one page per Land. A ZKL that is designated but unpublished shows status DESIGNATED_NOT_PUBLISHED, its source, and no channel.
query StatePage($code: FederalStateCode!) {
  federalState(code: $code) {
    id
    code
    ars
    nuts
    name(lang: DE)
    nameEn: name(lang: EN)
    capital
    population
    neighbours { code }
    contactPoints(first: 10) {
      totalCount
      nodes {
        id
        role
        status
        name(lang: DE)
        legalAct { slug short }
        holder { id slug name(lang: DE) }
        channels { kind value purpose tlp }
        reachability { always now nextWindow { start end } }
        evidence { source asOf confidence }
        verifiedAt
        stale
      }
    }
    authorities(first: 50) { totalCount nodes { id slug name(lang: DE) level kind } }
    incidents(where: {status: {in: [OPEN]}}, first: 10) { totalCount nodes { id reference title severity } }
  }
}
`,s=`# F: same, from a place and a service. Rail in Hesse with unknown ownership is AMBIGUOUS between the federal railway authority and the Land;
# with ownership FEDERAL it resolves to the former.
query ResponsibilityOfPlace($place: PlaceInput!, $purpose: Purpose!, $acts: [String!], $asOf: DateTime) {
  responsibility(input: {subject: {place: $place}, purpose: $purpose, legalActs: $acts, asOf: $asOf}) {
    status
    regimes {
      legalAct { slug }
      status
      chain { position role authority { slug } because { specificity competence { provision } } }
      alternatives { authority { slug } unknowns { attribute question } }
      gaps { code role message }
    }
  }
}
`,c=`# A: which Länder have which gap. rows = 16 Länder x sectors; lacking lists the Länder without a reachable 24/7 contact point of that role.
query Coverage($act: String!, $asOf: DateTime) {
  coverage(legalAct: $act, asOf: $asOf) {
    rows { federalState { code } cells { sector { slug } status gaps { code } } }
    lackingContactPoint(role: ZKL) { federalState { code } reason }
    staleContactPoints(olderThan: "P90D", first: 20) { totalCount }
  }
}
`,l=`# A: what if electricity fails in two Länder tonight. A query: it writes nothing.
query SimulateOutage($input: SimulateOutageInput!) {
  simulateOutage(input: $input) {
    timeline { startsAfter entries { subject { __typename ... on Branch { slug } } strength figures } }
    criticalDependencies {
      dependency { provider { __typename ... on Branch { slug } } dependent { __typename ... on Branch { slug } } kind }
      sparedCount
      delayedCount
    }
    federalStates { federalState { code } population }
    truncation { reason limit }
  }
}
`,u=`# A: how does the hospital branch depend on fuel (paths run from the provider to the dependent, as a failure spreads);
# and where are the single points of failure of a Land.
query PathsAndSpof($dependent: DependencySubjectInput!, $provider: DependencySubjectInput!, $state: FederalStateCode!) {
  dependencyPaths(dependent: $dependent, provider: $provider, maxDepth: 4, mode: ALL_SHORTEST, first: 10) {
    exists
    paths {
      length
      strength
      hops { dependent { __typename ... on Branch { slug } } kind strength timeToImpact figures evidence { source } }
    }
    truncation { reason limit }
  }
  singlePointsOfFailure(where: {federalState: {eq: $state}}, first: 10) {
    nodes { subject { __typename ... on Facility { id name } ... on Operator { id name } } dependentCount populationAtRisk }
  }
}
`,d=`# F: find anything by what one types; "muenchen" finds "München", a prefix finds, a hidden row never does.
query Search($text: String!) {
  search(text: $text, types: [AUTHORITY, CONTACT_POINT, OPERATOR, SECTOR, INCIDENT], first: 10) {
    edges { score cursor node { __typename id ... on Authority { slug name(lang: DE) } ... on Operator { name } } }
    totalCount
  }
}
`,f=`# F: the taxonomy: which act covers which sector, branches, services, facility categories with thresholds.
query SectorCatalogue($slug: String!) {
  sector(slug: $slug) {
    id
    name(lang: DE)
    coveredBy { scheme legalAct { slug } covered }
    branches { id slug name(lang: DE) services { slug name(lang: DE) facilityCategories { code name(lang: DE) criteria { metric(lang: DE) threshold thresholdText(lang: DE) } } }
      providers(first: 50) { nodes { provider { __typename ... on Branch { slug } } strength timeToImpact figures kind } }
      dependents(first: 50) { nodes { dependent { __typename ... on Branch { slug } } strength timeToImpact figures kind } } }
  }
}
`,p=`{"code": "BY"}
`,m=`{"place": {"federalState": "HE", "branch": "rail"}, "purpose": "SUPERVISION", "acts": ["kritisdachg"], "asOf": "2026-11-01T12:00:00+01:00"}
`,h=`{"act": "kritisdachg", "asOf": null}
`,g=`{"input": {"roots": [{"branch": "electricity"}], "federalStates": ["BW", "BY"], "horizon": "PT72H", "assumptions": {"generatorRuntime": "PT48H"}}}
`,_=`{"dependent": {"branch": "medical-care"}, "provider": {"branch": "mineral-oil"}, "state": "NI"}
`,v=`{"text": "bundesamt sicherheit"}
`,y=`{"slug": "energy"}
`,b=Object.assign({"./documents/01_state_page.graphql":o,"./documents/03_responsibility_place.graphql":s,"./documents/06_coverage.graphql":c,"./documents/08_simulate_outage.graphql":l,"./documents/09_paths_and_spof.graphql":u,"./documents/15_search.graphql":d,"./documents/20_sector_catalogue.graphql":f}),x=Object.assign({"./documents/01_state_page.json":p,"./documents/03_responsibility_place.json":m,"./documents/06_coverage.json":h,"./documents/08_simulate_outage.json":g,"./documents/09_paths_and_spof.json":_,"./documents/15_search.json":v,"./documents/20_sector_catalogue.json":y}),S=Object.keys(b).sort().map(e=>{let t=b[e]??``;return{operation:/^query (\w+)/m.exec(t)?.[1]??``,query:t,variables:JSON.stringify(JSON.parse(x[e.replace(/graphql$/,`json`)]??`{}`),null,2)}});function C(e){let t=S.find(t=>t.operation===e),n=t?[t,...S.filter(e=>e!==t)]:S,r=t??w()??n[0];return{tabs:n,query:r?.query??``,variables:r?.variables??``}}function w(){try{let e=JSON.parse(new t().get(`tabState`)??`null`);return e?.tabs[e.activeTabIndex]}catch{return}}var T=r(),E=e({url:`/graphql`}),D=new URL(window.location.href),{tabs:O,query:k,variables:A}=C(D.searchParams.get(`operation`));D.searchParams.has(`operation`)&&(D.searchParams.delete(`operation`),window.history.replaceState(null,``,D));var j=document.getElementById(`root`);if(!j)throw Error(`the page has no element with the id root`);(0,a.createRoot)(j).render((0,T.jsx)(i,{fetcher:E,defaultTabs:O,initialQuery:k,initialVariables:A,defaultEditorToolsVisibility:`variables`,children:(0,T.jsx)(i.Logo,{children:(0,T.jsx)(`a`,{className:`graphiql-logo-link`,href:`/`,children:`kritisgraph`})})}));