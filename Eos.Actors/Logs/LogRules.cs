namespace Eos.Logs;

/// <summary>Which node a question is meant for. Pure.</summary>
public static class LogRules
{
    /// <param name="isHere">Who asks is on this node.</param>
    public static bool IsMeant(string wanted, string place, string name, IReadOnlySet<string> roles, bool isHere)
    {
        if (wanted == ".") return isHere;
        if (wanted is "*" or "" || wanted == place || (name.Length > 0 && wanted == name)) return true;
        return wanted.Split('/') is ["", "eos", var where, var role] && (where == "*" || where == place) && roles.Contains(role);
    }
}
