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
`,l=`# F: find anything by what one types; "muenchen" finds "München", a prefix finds, a hidden row never does.
query Search($text: String!) {
  search(text: $text, types: [AUTHORITY, CONTACT_POINT, OPERATOR, SECTOR, INCIDENT], first: 10) {
    edges { score cursor node { __typename id ... on Authority { slug name(lang: DE) } ... on Operator { name } } }
    totalCount
  }
}
`,u=`# F: the taxonomy: which act covers which sector, branches, services, facility categories with thresholds.
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
`,d=`{"code": "BY"}
`,f=`{"place": {"federalState": "HE", "branch": "rail"}, "purpose": "SUPERVISION", "acts": ["kritisdachg"], "asOf": "2026-11-01T12:00:00+01:00"}
`,p=`{"act": "kritisdachg", "asOf": null}
`,m=`{"text": "bundesamt sicherheit"}
`,h=`{"slug": "energy"}
`,g=Object.assign({"./documents/01_state_page.graphql":o,"./documents/03_responsibility_place.graphql":s,"./documents/06_coverage.graphql":c,"./documents/15_search.graphql":l,"./documents/20_sector_catalogue.graphql":u}),_=Object.assign({"./documents/01_state_page.json":d,"./documents/03_responsibility_place.json":f,"./documents/06_coverage.json":p,"./documents/15_search.json":m,"./documents/20_sector_catalogue.json":h}),v=Object.keys(g).sort().map(e=>{let t=g[e]??``;return{operation:/^query (\w+)/m.exec(t)?.[1]??``,query:t,variables:JSON.stringify(JSON.parse(_[e.replace(/graphql$/,`json`)]??`{}`),null,2)}});function y(e){let t=v.find(t=>t.operation===e),n=t?[t,...v.filter(e=>e!==t)]:v,r=t??b()??n[0];return{tabs:n,query:r?.query??``,variables:r?.variables??``}}function b(){try{let e=JSON.parse(new t().get(`tabState`)??`null`);return e?.tabs[e.activeTabIndex]}catch{return}}var x=r(),S=e({url:`/graphql`}),C=new URL(window.location.href),{tabs:w,query:T,variables:E}=y(C.searchParams.get(`operation`));C.searchParams.has(`operation`)&&(C.searchParams.delete(`operation`),window.history.replaceState(null,``,C));var D=document.getElementById(`root`);if(!D)throw Error(`the page has no element with the id root`);(0,a.createRoot)(D).render((0,x.jsx)(i,{fetcher:S,defaultTabs:w,initialQuery:T,initialVariables:E,defaultEditorToolsVisibility:`variables`,children:(0,x.jsx)(i.Logo,{children:(0,x.jsx)(`a`,{className:`graphiql-logo-link`,href:`/`,children:`kritisgraph`})})}));