module dev.patchbay/it/e2e/multus

go 1.24

require gopkg.in/k8snetworkplumbingwg/multus-cni.v4 v4.2.3
