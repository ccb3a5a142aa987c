package main

import (
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// seenFor is how long a client counts as connected after it has dialed.
const seenFor = 3 * interval

// bounds are the upper bounds of the buckets of all histograms, in seconds.
var bounds = [...]float64{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5}

// observed holds what a double has seen since it started: the dials by their target, and its clients by row.
type observed struct {
	sync.Mutex
	started time.Time
	exports []family
	results map[string]int
	dials   map[target]*tally
	clients map[int]map[string]time.Time
	asked   map[int]int
}

// tally holds the results of dialing a target.
type tally struct {
	ok, failed int
	failing    int // since the last success
	lastOK     time.Time
	seconds    float64
	buckets    [len(bounds)]int
}

// newObserved returns what is known before the first dial.
func newObserved(made plan) *observed {
	o := &observed{
		started: time.Now(), exports: familiesOf(made), results: map[string]int{}, dials: map[target]*tally{},
		clients: map[int]map[string]time.Time{}, asked: map[int]int{},
	}
	for _, to := range made.Dial {
		o.dials[to] = &tally{}
	}
	return o
}

// add records the outcome of a dial.
func (o *observed) add(made outcome) {
	o.Lock()
	defer o.Unlock()
	o.results[fmt.Sprintf("row=\"%d\",target=%q,result=%q,service=\"double\"", made.Row, made.Address, made.Result)]++
	to := target{made.Row, made.Address}
	if o.dials[to] == nil {
		o.dials[to] = &tally{}
	}
	known, seconds := o.dials[to], made.Millis/1000
	if made.Result != "ok" {
		known.failed++
		known.failing++
		return
	}
	known.ok++
	known.failing, known.lastOK = 0, time.Now()
	known.seconds += seconds
	for index, bound := range bounds {
		if seconds <= bound {
			known.buckets[index]++
		}
	}
}

// served records that a client dialed for a row.
func (o *observed) served(row int, from string) {
	host, _, _ := net.SplitHostPort(from)
	o.Lock()
	defer o.Unlock()
	if o.clients[row] == nil {
		o.clients[row] = map[string]time.Time{}
	}
	o.clients[row][host] = time.Now()
	o.asked[row]++
}

// write writes the metrics in Prometheus' text format.
func (o *observed) write(w io.Writer) {
	o.Lock()
	defer o.Unlock()
	fmt.Fprintln(w, "# HELP double_dials_total Connections dialed, by row of the table, address and result.")
	fmt.Fprintln(w, "# TYPE double_dials_total counter")
	for _, labels := range slices.Sorted(maps.Keys(o.results)) {
		fmt.Fprintf(w, "double_dials_total{%s} %d\n", labels, o.results[labels])
	}
	for _, each := range o.exports {
		fmt.Fprintf(w, "# TYPE %s %s\n", each.name, each.kind)
		for _, one := range each.series {
			if each.kind == "histogram" {
				o.writeHistogram(w, each.name, one)
			} else {
				fmt.Fprintf(w, "%s%s %v\n", each.name, braces(one.labels), one.value(o))
			}
		}
	}
}

func (o *observed) writeHistogram(w io.Writer, name string, one series) {
	total := tally{}
	for _, known := range o.of(one.row) {
		total.ok += known.ok
		total.seconds += known.seconds
		for index := range bounds {
			total.buckets[index] += known.buckets[index]
		}
	}
	for index, bound := range bounds {
		le := strconv.FormatFloat(bound, 'g', -1, 64)
		fmt.Fprintf(w, "%s_bucket%s %d\n", name, braces(one.labels, `le="`+le+`"`), total.buckets[index])
	}
	fmt.Fprintf(w, "%s_bucket%s %d\n", name, braces(one.labels, `le="+Inf"`), total.ok)
	fmt.Fprintf(w, "%s_sum%s %v\n", name, braces(one.labels), total.seconds)
	fmt.Fprintf(w, "%s_count%s %d\n", name, braces(one.labels), total.ok)
}

func braces(labels ...string) string {
	several := slices.DeleteFunc(labels, func(each string) bool { return each == "" })
	if len(several) == 0 {
		return ""
	}
	return "{" + strings.Join(several, ",") + "}"
}

// of returns the tallies of the targets of a row.
func (o *observed) of(row int) (found []*tally) {
	for to, known := range o.dials {
		if to.Row == row {
			found = append(found, known)
		}
	}
	return found
}
