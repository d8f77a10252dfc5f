package storetest

import (
	"fmt"
	"strings"

	"kritisgraph/internal/store"
)

// serial is a number of fixed width, so that ids sort by it.
func serial(i int) string { return fmt.Sprintf("%06d", i) }

// memos fills the world with nodes whose optional properties of every kind are absent, empty or full.
func (w *world) memos() {
	w.Helper()
	w.put(
		memo("a", props{}),
		memo("b", props{"text": text(""), "list": list(), "flag": truth(false), "size": num(0)}),
		memo("c", props{"text": text("abc"), "list": list("x"), "flag": truth(true), "size": num(1)}),
		memo("d", props{"text": text("ABC"), "list": list("x", "y"), "size": num(-1)}),
		memo("e", props{"text": text("äbc"), "list": list("", "z"), "size": num(1 << 53)}),
		memo("f", props{"text": text("100% a_c*?[x]\\"), "list": list("y", "x"), "size": num(1<<53 + 1)}),
		memo("g", props{"text": text("1"), "flag": truth(true), "size": num(-1 << 63)}),
		memo("h", props{"text": text("abcabc"), "list": list(`"`, "x,y"), "size": num(1<<63 - 1)}),
		memo("i", props{"text": text("\uff5e")}),
		memo("j", props{"text": text("\U0001f600")}),
	)
}

func filterCases() []scenario {
	where := func(prop string, op store.Op, values ...store.Value) store.Filter {
		return store.Where(prop, op, values...)
	}
	not := func(f store.Filter) store.Filter { return store.Filter{Not: &f} }
	one := where("size", store.EQ, num(1))
	table := []struct {
		name   string
		filter store.Filter
		want   string
	}{
		{"EQ compares strings by bytes", where("text", store.EQ, text("abc")), "c"},
		{"EQ finds the empty string and not the absent one", where("text", store.EQ, text("")), "b"},
		{"EQ finds special characters", where("text", store.EQ, text("100% a_c*?[x]\\")), "f"},
		{"EQ does not take a digit for a number", where("text", store.EQ, text("1")), "g"},
		{"EQ tells great integers apart", where("size", store.EQ, num(1<<53+1)), "f"},
		{"EQ finds false and not the absent one", where("flag", store.EQ, truth(false)), "b"},
		{"EQ finds true", where("flag", store.EQ, truth(true)), "cg"},
		{"EQ compares lists in their order", where("list", store.EQ, list("x", "y")), "d"},
		{"EQ finds the empty list", where("list", store.EQ, list()), "b"},
		{"EQ does not split lists at commas", where("list", store.EQ, list("x", "y", "")), ""},
		{"IN finds one of several strings", where("text", store.IN, text("ABC"), text("äbc"), text("none")), "de"},
		{"IN finds one of several integers", where("size", store.IN, num(0), num(-1)), "bd"},
		{"IN finds booleans", where("flag", store.IN, truth(true), truth(false)), "bcg"},
		{"IN finds one of several lists", where("list", store.IN, list("x"), list("y", "x")), "cf"},
		{"IN nothing finds nothing", where("text", store.IN), ""},
		{"LT orders strings by bytes", where("text", store.LT, text("abc")), "bdfg"},
		{"LT orders characters beyond the basic plane last", where("text", store.LT, text("\U0001f600")), "bcdefghi"},
		{"LTE includes the bound", where("text", store.LTE, text("abc")), "bcdfg"},
		{"GT leaves out the bound", where("text", store.GT, text("abc")), "ehij"},
		{"GTE includes the bound of strings", where("text", store.GTE, text("abc")), "cehij"},
		{"LT orders integers", where("size", store.LT, num(0)), "dg"},
		{"LTE orders integers", where("size", store.LTE, num(0)), "bdg"},
		{"GT orders great integers exactly", where("size", store.GT, num(1<<53)), "fh"},
		{"GTE finds the greatest integer", where("size", store.GTE, num(1<<63-1)), "h"},
		{"LTE finds the least integer", where("size", store.LTE, num(-1<<63)), "g"},
		{"PREFIX minds case", where("text", store.PREFIX, text("ab")), "ch"},
		{"PREFIX takes no wildcard", where("text", store.PREFIX, text("%")), ""},
		{"PREFIX takes special characters as they are", where("text", store.PREFIX, text("100% a_")), "f"},
		{"the empty PREFIX finds every string", where("text", store.PREFIX, text("")), "bcdefghij"},
		{"PREFIX finds umlauts by bytes", where("text", store.PREFIX, text("ä")), "e"},
		{"CONTAINS minds case", where("text", store.CONTAINS, text("bc")), "ceh"},
		{"CONTAINS takes no wildcard", where("text", store.CONTAINS, text("a?c")), ""},
		{"CONTAINS takes special characters as they are", where("text", store.CONTAINS, text("*?[x]\\")), "f"},
		{"CONTAINS an underscore", where("text", store.CONTAINS, text("_")), "f"},
		{"HAS finds an element", where("list", store.HAS, text("x")), "cdf"},
		{"HAS finds one of several", where("list", store.HAS, text("y"), text("z")), "def"},
		{"HAS finds the empty element", where("list", store.HAS, text("")), "e"},
		{"HAS finds a quote and not a part", where("list", store.HAS, text(`"`)), "h"},
		{"HAS does not split an element", where("list", store.HAS, text("y,x")), ""},
		{"HAS nothing finds nothing", where("list", store.HAS), ""},
		{"ABSENT finds what lacks a string", where("text", store.ABSENT), "a"},
		{"ABSENT takes an empty list for a value", where("list", store.ABSENT), "agij"},
		{"ABSENT takes false for a value", where("flag", store.ABSENT), "adefhij"},
		{"ABSENT finds what lacks an integer", where("size", store.ABSENT), "aij"},
		{"Not turns two-valued logic around", not(where("text", store.EQ, text("abc"))), "abdefghij"},
		{"Not finds the absent ones too", not(where("size", store.GT, num(0))), "abdgij"},
		{"Not ABSENT finds what is there", not(where("flag", store.ABSENT)), "bcg"},
		{"Not HAS finds the absent ones too", not(where("list", store.HAS, text("x"))), "abeghij"},
		{"Not Not is the same", not(not(one)), "c"},
		{"Not nothing selects everything", not(where("text", store.IN)), "abcdefghij"},
		{"the zero filter selects everything", store.Filter{}, "abcdefghij"},
		{"an empty All selects everything", store.Filter{All: []store.Filter{}}, "abcdefghij"},
		{"an empty Any selects nothing", store.Filter{Any: []store.Filter{}}, ""},
		{"Not of an empty All selects nothing", not(store.Filter{All: []store.Filter{}}), ""},
		{"Not of the zero filter selects nothing", not(store.Filter{}), ""},
		{"All takes what each part selects", store.Filter{All: []store.Filter{where("size", store.GTE, num(0)), where("flag", store.EQ, truth(true))}}, "c"},
		{"Any takes what one part selects", store.Filter{Any: []store.Filter{one, where("text", store.ABSENT)}}, "ac"},
		{"All and Any and Not nest", store.Filter{All: []store.Filter{
			{Any: []store.Filter{where("list", store.HAS, text("x")), {All: []store.Filter{where("size", store.LT, num(1)), not(one)}}}},
			not(store.Filter{Any: []store.Filter{where("id", store.EQ, text("Memo/d")), where("text", store.ABSENT)}}),
		}}, "bcfg"},
		{"All of a single Any is that Any", store.Filter{All: []store.Filter{{Any: []store.Filter{}}}}, ""},
		{"the id is a property: EQ", where("id", store.EQ, text("Memo/c")), "c"},
		{"the id is a property: IN", where("id", store.IN, text("Memo/c"), text("Memo/a"), text("Land/x")), "ac"},
		{"the id is a property: order", where("id", store.GTE, text("Memo/h")), "hij"},
		{"the id is a property: PREFIX", where("id", store.PREFIX, text("Memo/")), "abcdefghij"},
		{"the id is a property: CONTAINS", where("id", store.CONTAINS, text("o/e")), "e"},
		{"the id is never absent", where("id", store.ABSENT), ""},
	}
	cases := []scenario{{"every operator selects what it says", func(w *world) {
		w.memos()
		for _, c := range table {
			w.sub(c.name, func(w *world) {
				var want []store.ID
				for key := range strings.SplitSeq(c.want, "") {
					want = append(want, store.NewID("Memo", key))
				}
				got := w.list(all(), store.Query{Labels: []store.Label{"Memo"}, Where: c.filter, Total: true})
				w.wantIDs("the list", got, want...)
				w.same("the total", got.Total, int64(len(want)))
				w.same("the count", w.count(all(), store.Query{Labels: []store.Label{"Memo"}, Where: c.filter}), []store.Group{{Count: int64(len(want))}})
			})
		}
	}}}
	return append(cases, scenario{"a filter of thousands of values works", func(w *world) {
		w.germany()
		values := []store.Value{text("Land/BY"), text("Land/HH")}
		for i := range 5000 {
			values = append(values, text("Land/none"+serial(i)))
		}
		w.wantIDs("IN", w.list(all(), store.Query{Labels: []store.Label{"Land"}, Where: where("id", store.IN, values...)}), german("BY", "HH")...)
	}}, scenario{"a deep filter works", func(w *world) {
		w.germany()
		f := where("code", store.EQ, text("BY"))
		for range 30 {
			f = store.Filter{Not: &store.Filter{Any: []store.Filter{{Not: &store.Filter{All: []store.Filter{f}}}}}}
		}
		w.wantIDs("the list", w.list(all(), store.Query{Labels: []store.Label{"Land"}, Where: f}), german("BY")...)
	}}, scenario{"a filter holds for each of several labels", func(w *world) {
		w.germany()
		q := store.Query{Labels: []store.Label{"Body", "Land"}, Where: where("name", store.GTE, text("S"))}
		w.wantIDs("the list", w.list(public(), q), german("stmi", "OE", "TH", "XX")...)
	}})
}
