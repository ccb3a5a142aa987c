package main

import (
	"fmt"
	"io"
	"slices"
	"sync"
)

// counts holds the number of dials by row, address and result.
type counts struct {
	sync.Mutex
	dials map[string]int
}

func newCounts() *counts { return &counts{dials: map[string]int{}} }

func (c *counts) add(o outcome) {
	c.Lock()
	defer c.Unlock()
	c.dials[fmt.Sprintf("{row=\"%d\",target=%q,result=%q}", o.Row, o.Address, o.Result)]++
}

// write writes the counts in Prometheus' text format.
func (c *counts) write(w io.Writer) {
	c.Lock()
	defer c.Unlock()
	fmt.Fprintln(w, "# HELP double_dials_total Connections dialed, by row of the table, address and result.")
	fmt.Fprintln(w, "# TYPE double_dials_total counter")
	var labels []string
	for each := range c.dials {
		labels = append(labels, each)
	}
	slices.Sort(labels)
	for _, each := range labels {
		fmt.Fprintf(w, "double_dials_total%s %d\n", each, c.dials[each])
	}
}
