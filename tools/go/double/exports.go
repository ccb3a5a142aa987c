package main

import (
	"fmt"
	"time"
)

// family is a metric of the vendor's products, which a workload exports.
type family struct {
	name, kind string
	series     []series
}

// series is a time series of a family. A histogram counts the dials of a row, any other has a value.
type series struct {
	labels string
	value  value
	row    int
}

// value returns the current value of a series; what is observed is locked.
type value func(*observed) float64

func counter(name string, several ...series) family { return family{name, "counter", several} }
func gauge(name string, several ...series) family   { return family{name, "gauge", several} }

func histogram(name string, row int, labels ...string) family {
	made := family{name: name, kind: "histogram"}
	for _, each := range labels {
		made.series = append(made.series, series{labels: each, row: row})
	}
	return made
}

// is returns the only series of a family without labels.
func is(v value) series { return series{value: v} }

// with returns a series with labels, in the form of Prometheus' text format.
func with(labels string, v value) series { return series{labels: labels, value: v} }

// both returns two series that differ in one label.
func both(format, first, second string, v value) []series {
	return []series{with(fmt.Sprintf(format, first), v), with(fmt.Sprintf(format, second), v)}
}

func fixed(v float64) value { return func(*observed) float64 { return v } }

// started returns the time of the start, as Unix time.
func started(o *observed) float64 { return float64(o.started.Unix()) }

// uptime returns the number of rounds of dials since the start.
func uptime(o *observed) float64 { return float64(time.Since(o.started) / interval) }

// sum adds up a figure of the dials of a row, times a factor.
func sum(row int, factor float64, figure func(*tally) int) value {
	return func(o *observed) (total float64) {
		for _, known := range o.of(row) {
			total += factor * float64(figure(known))
		}
		return total
	}
}

func succeeded(row int) value { return sum(row, 1, func(t *tally) int { return t.ok }) }
func failed(row int) value    { return sum(row, 1, func(t *tally) int { return t.failed }) }
func dialed(row int) value    { return sum(row, 1, func(t *tally) int { return t.ok + t.failed }) }

// pending returns what waits for the peers of a row: a dial that failed waits until one succeeds.
func pending(row int) value { return sum(row, 1, func(t *tally) int { return t.failing }) }

// connections returns the connections to the peers of a row, of which each that answers has several.
func connections(row int) value {
	return sum(row, 4, func(t *tally) int {
		if t.isUp() {
			return 1
		}
		return 0
	})
}

func (t *tally) isUp() bool { return t.ok > 0 && t.failing == 0 }

// state returns one of three values: before the first dial of a row, if one of its peers fails, and if all answer.
func state(unknown, down, up float64, row int) value {
	return func(o *observed) float64 {
		found := o.of(row)
		for _, known := range found {
			if known.failing > 0 {
				return down
			}
		}
		for _, known := range found {
			if known.isUp() {
				return up
			}
		}
		return unknown
	}
}

// lastSuccess returns the time of the last successful dial of a row, or of the start, as Unix time.
func lastSuccess(row int) value {
	return func(o *observed) float64 {
		latest := o.started
		for _, known := range o.of(row) {
			if known.lastOK.After(latest) {
				latest = known.lastOK
			}
		}
		return float64(latest.Unix())
	}
}

// clients returns the number of hosts that dial this double for the rows.
func clients(rows ...int) value {
	return func(o *observed) (total float64) {
		for _, row := range rows {
			for _, last := range o.clients[row] {
				if time.Since(last) < seenFor {
					total++
				}
			}
		}
		return total
	}
}

// asked returns how often clients dialed this double for the rows.
func asked(rows ...int) value {
	return func(o *observed) (total float64) {
		for _, row := range rows {
			total += float64(o.asked[row])
		}
		return total
	}
}

// each returns a series for each target of a row.
func each(made plan, row int, format string, of func(target) value) (several []series) {
	for _, to := range made.Dial {
		if to.Row == row {
			several = append(several, with(fmt.Sprintf(format, to.Address), of(to)))
		}
	}
	return several
}

func reached(up, down float64) func(target) value {
	return func(to target) value {
		return func(o *observed) float64 {
			if known := o.dials[to]; known != nil && known.isUp() {
				return up
			}
			return down
		}
	}
}

func failures(to target) value {
	return func(o *observed) float64 {
		if known := o.dials[to]; known != nil {
			return float64(known.failed)
		}
		return 0
	}
}
