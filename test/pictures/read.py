"""Compares what other programs make of the four pictures of one thing: read.py GRAPHML MERMAID_SVG DOT_SVG GEOJSON."""

import json
import sys
import xml.etree.ElementTree as ET

import networkx

SVG, HTML = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xhtml}"
TYPES = {"label": str, "key": str, "kind": str, "federalStates": str, "root": bool, "wave": int, "startsAfterSeconds": int, "strength": float, "figures": str,
         "weight": float, "delaySeconds": int, "filled": bool, "causing": bool}


def text(node):
    """The first line of a label, without the spaces that have no width or do not break."""
    line = "".join(node.itertext()).replace("\u200b", "").replace("\u00a0", " ")
    return " ".join(line.split())


def mermaid(path):
    root = ET.parse(path).getroot()
    labels = {}
    for g in root.iter(SVG + "g"):
        if "node" in g.get("class", "").split():
            p = next(g.iter(HTML + "p"))
            for br in list(p):
                p.remove(br)  # and its tail: the lines that follow
            labels[g.get("id").split("flowchart-")[1].split("-")[0]] = text(p)
    return labels, sum("flowchart-link" in e.get("class", "") for e in root.iter(SVG + "path"))


def dot(path):
    root = ET.parse(path).getroot()
    groups = [g for g in root.iter(SVG + "g")]
    labels = {g.find(SVG + "title").text: text(next(g.iter(SVG + "text"))) for g in groups if g.get("class", "").split()[:1] == ["node"]}
    return labels, sum(g.get("class", "").split()[:1] == ["edge"] for g in groups)


def main(graphml, mermaid_svg, dot_svg, geojson):
    graph = networkx.read_graphml(graphml)
    assert graph.is_directed()
    for data in [d for _, d in graph.nodes(data=True)] + [d for _, _, d in graph.edges(data=True)]:
        for name, value in data.items():
            assert isinstance(value, TYPES.get(name, str)), (name, value)
    labels = {n: " ".join(d["label"].split()) for n, d in graph.nodes(data=True)}
    for reader, drawn in ("Mermaid", mermaid(mermaid_svg)), ("Graphviz", dot(dot_svg)):
        assert drawn == (labels, graph.number_of_edges()), (reader, set(drawn[0].items()) ^ set(labels.items()), drawn[1])
    with open(geojson, encoding="utf-8") as f:
        collection = json.load(f)
    assert collection["type"] == "FeatureCollection"
    for feature in collection["features"]:
        assert feature["type"] == "Feature" and feature["properties"]["code"]
        if feature["geometry"]:
            longitude, latitude = feature["geometry"]["coordinates"]
            assert feature["geometry"]["type"] == "Point" and 5 < longitude < 16 and 47 < latitude < 56, feature
    print(f"{graphml}: {len(labels)} nodes and {graph.number_of_edges()} edges for networkx, Mermaid and Graphviz; {len(collection['features'])} Länder as GeoJSON")


main(*sys.argv[1:])
