#!/bin/bash
# Manila's plug-in for DevStack: installs this tree, configures it for Keystone, RabbitMQ and DevStack's database, and
# runs manila-api, manila-scheduler and manila-share.

_XTRACE_MANILA=$(set +o | grep xtrace)
set +o xtrace

function install_manila {
    install_package btrfs-progs nfs-ganesha nfs-ganesha-vfs rpcbind dbus
    # The local driver runs NFS-Ganesha itself.
    sudo systemctl disable --now nfs-ganesha.service || true
    setup_develop "$MANILA_DIR"
    pip_install python-manilaclient
}

# The local driver mounts and exports, which only root may; the other services are the stack user's.
function manila_share_user {
    if [[ ,$MANILA_ENABLED_BACKENDS, == *,local,* ]]; then
        echo root
    else
        echo "$STACK_USER"
    fi
}

function configure_manila_backends {
    local backend variable
    iniset "$MANILA_CONF" DEFAULT enabled_share_backends "$MANILA_ENABLED_BACKENDS"
    for backend in ${MANILA_ENABLED_BACKENDS//,/ }; do
        iniset "$MANILA_CONF" "$backend" driver_handles_share_servers False
        iniset "$MANILA_CONF" "$backend" share_backend_name "${backend^^}"
        if [[ $backend == local ]]; then
            iniset "$MANILA_CONF" "$backend" share_driver "$MANILA_LOCAL_DRIVER"
        fi
        for variable in $(compgen -v "MANILA_OPTGROUP_${backend}_"); do
            iniset "$MANILA_CONF" "$backend" "${variable#MANILA_OPTGROUP_"${backend}"_}" "${!variable}"
        done
    done
}

function configure_manila {
    sudo install -d -o "$STACK_USER" "$MANILA_CONF_DIR" "$MANILA_STATE_PATH"
    cp "$MANILA_DIR/etc/manila/api-paste.ini" "$MANILA_CONF_DIR/"

    iniset "$MANILA_CONF" DEFAULT debug "$ENABLE_DEBUG_LOG_LEVEL"
    iniset "$MANILA_CONF" DEFAULT auth_strategy keystone
    iniset "$MANILA_CONF" DEFAULT state_path "$MANILA_STATE_PATH"
    iniset "$MANILA_CONF" DEFAULT default_share_type "$MANILA_DEFAULT_SHARE_TYPE"
    iniset "$MANILA_CONF" DEFAULT osapi_share_listen "$(ipv6_unquote "$SERVICE_LISTEN_ADDRESS")"
    iniset "$MANILA_CONF" DEFAULT osapi_share_listen_port "$MANILA_SERVICE_PORT"
    iniset "$MANILA_CONF" oslo_concurrency lock_path "$MANILA_STATE_PATH/locks"
    iniset "$MANILA_CONF" database connection "$(database_connection_url manila)"
    iniset_rpc_backend manila "$MANILA_CONF"
    configure_keystone_authtoken_middleware "$MANILA_CONF" manila
    setup_logging "$MANILA_CONF"
    configure_manila_backends
}

function create_manila_accounts {
    local url=$MANILA_SERVICE_PROTOCOL://$MANILA_SERVICE_HOST:$MANILA_SERVICE_PORT/v2
    create_service_user manila service
    get_or_create_service manila shared-file-system "Shared file systems"
    get_or_create_endpoint shared-file-system "$REGION_NAME" "$url"
    # Older clients look for this type.
    get_or_create_service manilav2 sharev2 "Shared file systems, older name"
    get_or_create_endpoint sharev2 "$REGION_NAME" "$url"
}

function init_manila {
    recreate_database manila utf8
    "$MANILA_BIN_DIR/manila-manage" --config-file "$MANILA_CONF" db sync
}

function start_manila {
    run_process m-api "$MANILA_BIN_DIR/manila-api --config-file $MANILA_CONF"
    if ! wait_for_service "$SERVICE_TIMEOUT" "$MANILA_SERVICE_PROTOCOL://$MANILA_SERVICE_HOST:$MANILA_SERVICE_PORT"; then
        die $LINENO "manila-api did not start"
    fi
    run_process m-sch "$MANILA_BIN_DIR/manila-scheduler --config-file $MANILA_CONF"
    run_process m-shr "$MANILA_BIN_DIR/manila-share --config-file $MANILA_CONF" "" "$(manila_share_user)"
}

function create_default_share_type {
    local specs=()
    local spec
    for spec in $MANILA_DEFAULT_SHARE_TYPE_EXTRA_SPECS; do
        specs+=(--extra-specs "$spec")
    done
    openstack --os-cloud devstack-admin share type create "$MANILA_DEFAULT_SHARE_TYPE" False "${specs[@]}"
}

function stop_manila {
    local service
    for service in m-shr m-sch m-api; do
        stop_process $service
    done
}

function cleanup_manila {
    sudo rm -rf "$MANILA_CONF_DIR" "$MANILA_STATE_PATH"
}

if is_service_enabled manila; then
    MANILA_BIN_DIR=$(get_python_exec_prefix)
    if [[ $1 == stack && $2 == install ]]; then
        install_manila
    elif [[ $1 == stack && $2 == post-config ]]; then
        configure_manila
        if is_service_enabled key; then
            create_manila_accounts
        fi
        init_manila
    elif [[ $1 == stack && $2 == extra ]]; then
        start_manila
        create_default_share_type
    elif [[ $1 == unstack ]]; then
        stop_manila
    elif [[ $1 == clean ]]; then
        cleanup_manila
    fi
fi

$_XTRACE_MANILA
