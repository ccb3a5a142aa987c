package main

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func from(variables map[string]string) getenv {
	return func(name string) string { return variables[name] }
}

func noFile(string) ([]byte, error) { return nil, errors.New("no file") }

var server = map[string]string{
	"TENANT_ID": "uuid", "TENANT_SID": "100", "IXN_SERVER_PORT": "7120", "IXN_METRICS_PORT": "13131", "LOG_PATH": "/logs",
	"CONF_SERVER_HOST": "config.voice.svc", "CONF_SERVER_PORT": "8888",
	"KAFKA_BOOTSTRAP_SERVERS": "one:9092,two:9093",
}

func TestServerDialsEachAddressOfItsVariables(t *testing.T) {
	made, err := planOf(from(server), noFile)
	wanted := plan{
		Workload: playsServer,
		Listen:   []string{"7120"}, Metrics: []string{"13131"}, Logs: "/logs",
		Dial: []target{{5, "config.voice.svc:8888"}, {6, "one:9092"}, {6, "two:9093"}},
	}
	if err != nil || !reflect.DeepEqual(made, wanted) {
		t.Fatalf("%+v, %v", made, err)
	}
}

func TestAnIncompleteConfigurationIsAnError(t *testing.T) {
	for _, name := range []string{"CONF_SERVER_PORT", "IXN_METRICS_PORT", "TENANT_ID", "LOG_PATH"} {
		broken := map[string]string{}
		for key, value := range server {
			broken[key] = value
		}
		delete(broken, name)
		if made, err := planOf(from(broken), noFile); err == nil {
			t.Errorf("without %s: %+v", name, made)
		}
	}
}

func TestNodeReadsItsSettingsFile(t *testing.T) {
	text := `{"tenant": {"id": "uuid", "sid": "100"}, "ports": {"health": 13133}, "ixnServer": {"host": "ixn", "port": 7120},
		"rq": [{"host": "rq", "port": 11000}], "db": {"host": "pg", "port": 5432}}`
	read := func(string) ([]byte, error) { return []byte(text), nil }
	variables := map[string]string{
		"SETTINGS_PATH": "settings.json", "CONSUL_HOST": "10.0.0.1", "CONSUL_PORT": "8500",
		"DB_USERNAME": "ixn", "DB_PASSWORD": "secret",
	}
	made, err := planOf(from(variables), read)
	wanted := []target{{1, "10.0.0.1:8500"}, {2, "ixn:7120"}, {13, "rq:11000"}, {17, "pg:5432"}}
	if err != nil || !reflect.DeepEqual(made.Dial, wanted) || made.Metrics[0] != "13133" {
		t.Fatalf("%+v, %v", made, err)
	}
	delete(variables, "DB_PASSWORD")
	if _, err := planOf(from(variables), read); err == nil || !strings.Contains(err.Error(), "DB_PASSWORD") {
		t.Fatal(err)
	}
}

func TestPeerPlanSeparatesHTTPFromTCPAndRowsFromAddresses(t *testing.T) {
	made, err := planOf(from(map[string]string{"LISTEN": "8888,http:13131,10.0.0.1:8500", "DIAL": "3=ixn:7120"}), noFile)
	wanted := plan{Listen: []string{"8888", "10.0.0.1:8500"}, Metrics: []string{"13131"}, Dial: []target{{3, "ixn:7120"}}}
	if err != nil || !reflect.DeepEqual(made, wanted) {
		t.Fatalf("%+v, %v", made, err)
	}
	for _, wrong := range []string{"ixn:7120", "3=ixn", "3=ixn:0"} {
		if _, err := planOf(from(map[string]string{"DIAL": wrong}), noFile); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
}
