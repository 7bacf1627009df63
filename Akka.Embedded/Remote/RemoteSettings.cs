using Akka.Configuration;

namespace Akka.Remote;

/// <summary>What a connection's opener is: a node of the cluster, or a client that may reach the receptionist only.</summary>
internal enum PeerClass : byte
{
    Peer = 1,
    Client = 2,
}

/// <summary>Certificate and checks of TLS connections.</summary>
internal sealed record TlsSettings(string Path, string Password, bool SuppressValidation, bool Mutual);

/// <summary><c>akka.remote</c> as read at start.</summary>
internal sealed record RemoteSettings
{
    public RemoteSettings(Config config)
    {
        var remote = config.GetConfig("akka.remote");
        var tcp = remote.GetConfig("dot-netty.tcp");
        var own = remote.GetConfig("embedded");
        FlushWait = remote.GetTimeSpan("flush-wait-on-shutdown");
        LogLifecycle = remote.GetBoolean("log-remote-lifecycle-events");
        RetryGate = remote.GetTimeSpan("retry-gate-closed-for");
        HandshakeTimeout = remote.GetTimeSpan("handshake-timeout");
        SystemMessageTimeout = remote.GetTimeSpan("initial-system-message-delivery-timeout");
        SystemMessageBuffer = remote.GetInt("system-message-buffer-size");
        WatchDetector = remote.GetConfig("watch-failure-detector");
        IdleHeartbeat = remote.GetTimeSpan("transport-failure-detector.heartbeat-interval");
        IdleLimit = remote.GetTimeSpan("transport-failure-detector.acceptable-heartbeat-pause");
        Hostname = tcp.GetString("hostname") ?? "";
        PublicHostname = tcp.GetString("public-hostname") ?? "";
        Port = tcp.GetInt("port");
        PublicPort = tcp.GetInt("public-port");
        ConnectionTimeout = tcp.GetTimeSpan("connection-timeout");
        MaximumFrame = (int)(tcp.GetByteSize("maximum-frame-size") ?? 128000);
        SendBuffer = (int)(tcp.GetByteSize("send-buffer-size") ?? 0);
        ReceiveBuffer = (int)(tcp.GetByteSize("receive-buffer-size") ?? 0);
        Backlog = tcp.GetInt("backlog");
        NoDelay = tcp.GetBoolean("tcp-nodelay");
        KeepAlive = tcp.GetBoolean("tcp-keepalive");
        Tls = tcp.GetBoolean("enable-ssl") ? ReadTls(tcp.GetConfig("ssl")) : null;
        PeerKey = own.GetString("peer-key") ?? "";
        ClientKey = own.GetString("client-key") ?? "";
        Class = own.GetString("connection-class") switch
        {
            "peer" => PeerClass.Peer,
            "client" => PeerClass.Client,
            "auto" => ClientKey.Length > 0 && PeerKey.Length == 0 ? PeerClass.Client : PeerClass.Peer,
            var other => throw new ConfigurationException($"akka.remote.embedded.connection-class is peer, client or auto, not '{other}'"),
        };
        Listen = own.GetString("listen") switch
        {
            "auto" => Class == PeerClass.Peer,
            "on" or "true" => Class == PeerClass.Peer
                ? true : throw new ConfigurationException("akka.remote.embedded.listen: a client does not listen"),
            "off" or "false" => false,
            var other => throw new ConfigurationException($"akka.remote.embedded.listen is on, off or auto, not '{other}'"),
        };
        WireVersion = own.GetInt("wire-version");
        SendQueue = own.GetInt("send-queue-size");
        MaximumHandshakes = own.GetInt("maximum-handshakes");
        if (MaximumFrame < 32000) throw new ConfigurationException("akka.remote.dot-netty.tcp.maximum-frame-size must be at least 32000b");
        if (SendQueue < 1) throw new ConfigurationException("akka.remote.embedded.send-queue-size must be at least 1");
    }

    public TimeSpan FlushWait { get; }
    public bool LogLifecycle { get; }
    public TimeSpan RetryGate { get; }
    public TimeSpan HandshakeTimeout { get; }
    public TimeSpan SystemMessageTimeout { get; }
    public int SystemMessageBuffer { get; }
    public Config WatchDetector { get; }
    public TimeSpan IdleHeartbeat { get; }
    public TimeSpan IdleLimit { get; }
    public string Hostname { get; }
    public string PublicHostname { get; }
    public int Port { get; }
    public int PublicPort { get; }
    public TimeSpan ConnectionTimeout { get; }
    public int MaximumFrame { get; }
    public int SendBuffer { get; }
    public int ReceiveBuffer { get; }
    public int Backlog { get; }
    public bool NoDelay { get; }
    public bool KeepAlive { get; }
    public TlsSettings? Tls { get; }
    public string PeerKey { get; }
    public string ClientKey { get; }
    public PeerClass Class { get; }
    public bool Listen { get; }
    public int WireVersion { get; }
    public int SendQueue { get; }
    public int MaximumHandshakes { get; }

    /// <summary>The secret of a class of connection; null where that class is not let in.</summary>
    public string? KeyOf(PeerClass peerClass) => peerClass switch
    {
        PeerClass.Peer => PeerKey,
        PeerClass.Client when ClientKey.Length > 0 => ClientKey,
        _ => null,
    };

    private static TlsSettings ReadTls(Config ssl)
    {
        var path = ssl.GetString("certificate.path") ?? "";
        if (path.Length == 0) throw new ConfigurationException("akka.remote.dot-netty.tcp.enable-ssl needs ssl.certificate.path");
        return new TlsSettings(path, ssl.GetString("certificate.password") ?? "", ssl.GetBoolean("suppress-validation"),
            ssl.GetBoolean("require-mutual-authentication"));
    }
}
