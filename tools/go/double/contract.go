package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// target is an address to dial, and the number of its connection in the table.
type target struct {
	Row     int    `json:"row"`
	Address string `json:"address"`
}

// plan holds the ports on which a container listens and the addresses that it dials. A peer has no Workload.
type plan struct {
	Workload string   `json:"workload,omitempty"`
	Listen   []string `json:"listen"`
	Metrics  []string `json:"metrics"`
	Dial     []target `json:"dial"`
	Logs     string   `json:"logs,omitempty"`
}

type (
	getenv   func(string) string
	readFile func(string) ([]byte, error)
)

// planOf derives the plan from the environment variables of an IXN container, or from LISTEN and DIAL of a peer.
//
// One variable, which no other container has, identifies the workload. An address without variables belongs to an
// absent peer. An incomplete one is an error: the product would not start either.
func planOf(env getenv, read readFile) (plan, error) {
	switch {
	case env("IXN_SERVER_PORT") != "":
		return serverPlan(env)
	case env("VQ_NODE_PORT") != "":
		return vqNodePlan(env)
	case env("SETTINGS_PATH") != "":
		return nodePlan(env, read)
	case env("LISTEN") != "" || env("DIAL") != "":
		return peerPlan(env)
	}
	return plan{}, errors.New("none of IXN_SERVER_PORT, VQ_NODE_PORT, SETTINGS_PATH, LISTEN and DIAL is set")
}

func serverPlan(env getenv) (plan, error) {
	err := required(env, "TENANT_ID", "TENANT_SID", "IXN_METRICS_PORT", "LOG_PATH")
	made := plan{
		Workload: playsServer,
		Listen:   []string{env("IXN_SERVER_PORT")},
		Metrics:  []string{env("IXN_METRICS_PORT")},
		Logs:     env("LOG_PATH"),
	}
	if env("CONF_SERVER_HOST") != "" {
		made.Dial = append(made.Dial, target{5, join(env("CONF_SERVER_HOST"), env("CONF_SERVER_PORT"))})
	}
	made.Dial = append(made.Dial, targets(6, env("KAFKA_BOOTSTRAP_SERVERS"))...)
	if env("DB_HOST") != "" {
		err = errors.Join(err, required(env, "DB_NAME", "DB_USERNAME", "DB_PASSWORD"))
		made.Dial = append(made.Dial, target{16, join(env("DB_HOST"), env("DB_PORT"))})
	}
	made.Dial = append(made.Dial, targets(19, env("PULSE_STAT_SERVERS"))...)
	return made, errors.Join(err, valid(made))
}

func vqNodePlan(env getenv) (plan, error) {
	made := plan{
		Workload: playsVQNode,
		Listen:   []string{env("VQ_NODE_PORT")},
		Metrics:  []string{env("VQ_NODE_METRICS_PORT")},
		Dial:     targets(7, env("KAFKA_BOOTSTRAP_SERVERS")),
	}
	return made, errors.Join(required(env, "TENANT_ID", "TENANT_SID", "VQ_NODE_METRICS_PORT"), valid(made))
}

// endpoint is an address in IXN Node's settings file.
type endpoint struct {
	Host string
	Port int
}

func (e endpoint) String() string { return join(e.Host, strconv.Itoa(e.Port)) }

type settings struct {
	Tenant                    struct{ ID, SID string }
	Ports                     struct{ Health int }
	IxnServer, ConfigNode, DB *endpoint
	RQ, Redis                 []endpoint
}

func nodePlan(env getenv, read readFile) (plan, error) {
	text, err := read(env("SETTINGS_PATH"))
	if err != nil {
		return plan{}, err
	}
	var known settings
	if err := json.Unmarshal(text, &known); err != nil {
		return plan{}, fmt.Errorf("%s: %w", env("SETTINGS_PATH"), err)
	}
	if known.Tenant.ID == "" || known.Tenant.SID == "" || known.Ports.Health == 0 {
		err = errors.New("the settings file lacks tenant.id, tenant.sid or ports.health")
	}
	made := plan{Workload: playsNode, Metrics: []string{strconv.Itoa(known.Ports.Health)}}
	add := func(row int, several ...endpoint) {
		for _, each := range several {
			made.Dial = append(made.Dial, target{row, each.String()})
		}
	}
	if env("CONSUL_HOST") != "" {
		made.Dial = append(made.Dial, target{1, join(env("CONSUL_HOST"), env("CONSUL_PORT"))})
	}
	if known.IxnServer != nil {
		add(2, *known.IxnServer)
	}
	add(13, known.RQ...)
	if known.ConfigNode != nil {
		add(14, *known.ConfigNode)
	}
	add(15, known.Redis...)
	if known.DB != nil {
		err = errors.Join(err, required(env, "DB_USERNAME", "DB_PASSWORD"))
		add(17, *known.DB)
	}
	return made, errors.Join(err, valid(made))
}

// peerPlan parses LISTEN ("8888,http:13131,10.0.0.1:8500") and DIAL ("3=host:7120,4=host:7120").
func peerPlan(env getenv) (plan, error) {
	var made plan
	for _, each := range list(env("LISTEN")) {
		if port, http := strings.CutPrefix(each, "http:"); http {
			made.Metrics = append(made.Metrics, port)
		} else {
			made.Listen = append(made.Listen, each)
		}
	}
	for _, each := range list(env("DIAL")) {
		number, address, _ := strings.Cut(each, "=")
		row, err := strconv.Atoi(number)
		if err != nil {
			return plan{}, fmt.Errorf("DIAL: %q is not 'row=host:port'", each)
		}
		made.Dial = append(made.Dial, target{row, address})
	}
	return made, valid(made)
}

func required(env getenv, names ...string) error {
	for _, name := range names {
		if env(name) == "" {
			return fmt.Errorf("%s is not set", name)
		}
	}
	return nil
}

// valid returns an error for an invalid address, such as one whose port variable is not set.
func valid(made plan) error {
	for _, each := range made.Dial {
		host, port, err := net.SplitHostPort(each.Address)
		number, notNumber := strconv.Atoi(port)
		if err != nil || host == "" || notNumber != nil || number < 1 || number > 65535 {
			return fmt.Errorf("connection %d: %q is not 'host:port'", each.Row, each.Address)
		}
	}
	return nil
}

func targets(row int, addresses string) (made []target) {
	for _, address := range list(addresses) {
		made = append(made, target{row, address})
	}
	return made
}

func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

func join(host, port string) string { return net.JoinHostPort(host, port) }
